import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Activity } from '../../gateway/activity.ts';
import type { LaterRooms } from '../../gateway/later-rooms.ts';

/** What stands behind the door. Whoever calls is given of it what its rights hold. */
export interface HouseBehind {
  readonly record: AuditRecord;
  readonly clock: Clock;
  readonly log: Log;
  readonly activity: Pick<Activity, 'begin' | 'following'>;
  readonly rooms: Pick<LaterRooms, 'runs' | 'planning' | 'agents' | 'agentSessions' | 'approvals'>;
}
