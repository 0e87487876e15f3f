import type { StandardHandler } from '@orpc/server/standard';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Activity } from './activity.ts';
import type { CallContext } from './caller.ts';
import type { Limits } from './limits.ts';

/** What it takes to speak with one connection of messages, be it a WebSocket or a port. */
export interface ConversationNeeds {
  readonly handler: StandardHandler<CallContext>;
  readonly context: CallContext;
  readonly clock: Clock;
  readonly log: Log;
  readonly activity: Activity;
  readonly limits: Limits;
}
