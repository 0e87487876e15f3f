import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import type { SubtaskSessions } from '../sessions/subtask-sessions.ts';
import type { PlanRoom } from './carrying/plan-room.ts';
import type { RunFiles } from './carrying/run-files.ts';

import type { ReviewedRuns } from './reviewed-runs.ts';

export type { PlanRoom, RunFiles };

/** What runs stand on. */
export interface RunParts {
  readonly record: AuditRecord;
  readonly clock: Clock;
  readonly log: Log;
  readonly planning: Later<PlanRoom>;
  readonly sessions: Later<SubtaskSessions>;
  readonly files: RunFiles;
  readonly reviews: ReviewedRuns;
}
