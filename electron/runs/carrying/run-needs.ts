import type { Id } from '../../../shared/ids.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import type { Later } from '../../base/later.ts';
import type { Log } from '../../base/log.ts';
import type { SubtaskSessions } from '../../sessions/subtask-sessions.ts';
import type { RunLook } from '../looking/run-look.ts';
import type { Places } from '../scheduling/places.ts';
import type { PlanRoom } from './plan-room.ts';
import type { RunFiles } from './run-files.ts';
import type { RunReviews } from './run-reviews.ts';

/** What a living run works with. */
export interface RunNeeds {
  readonly record: Pick<AuditRecord, 'appendAll' | 'blob'>;
  readonly clock: Clock;
  /** Calls back once, also after times longer than one timer holds. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  readonly log: Log;
  readonly look: RunLook;
  readonly places: Places;
  readonly planning: Later<PlanRoom>;
  readonly sessions: Later<SubtaskSessions>;
  readonly files: RunFiles;
  readonly reviews: RunReviews;
  readonly settings: () => Settings;
  /** It changed: itself, these of its parts, or its whole plan. */
  readonly changed: (run: Id<'run'>, what?: readonly string[] | 'plan') => void;
}
