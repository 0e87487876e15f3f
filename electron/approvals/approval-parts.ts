import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Id } from '../../shared/ids.ts';
import type { Tool } from '../tools/tool.ts';
import type { PlannedCall } from './asking.ts';

export interface ApprovalParts {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows' | 'blob' | 'query'>;
  readonly clock: Clock;
  readonly log: Log;
  /** After how many minutes a question that nobody answered counts as denied; null: never. */
  readonly expireMinutes: () => number | null;
  /**
   * A call that waits, as its session would make it; null: there is none. Asked where its session is not at work in
   * this life, since it rests from before a restart.
   */
  readonly planned?: (session: Id<'session'>, call: Id<'call'>) => Promise<PlannedCall | null>;
  /** Tools by name, so that rules can be tried on calls that are not made. */
  readonly tool: (
    name: string,
  ) => Promise<Pick<Tool, 'name' | 'title' | 'surface' | 'action' | 'intends' | 'input'> | undefined>;
}
