import { approvalRows } from './approvals/approval-rows.ts';
import { ruleRows } from './approvals/rule-rows.ts';
import type { Projection } from './audit/projection.ts';
import { settingRows } from './audit/setting-rows.ts';
import { capabilityRows } from './capabilities/capability-rows.ts';
import { lifeRows } from './gateway/life-rows.ts';
import { tokenRows } from './gateway/token-rows.ts';
import { providerRows } from './models/provider-rows.ts';
import { spendingRows } from './models/spending-rows.ts';
import { objectiveRows } from './runs/objective-rows.ts';
import { runMakerRows } from './runs/run-maker-rows.ts';
import { runRows } from './runs/run-rows.ts';
import { agentSessionRows } from './sessions/agent-session-rows.ts';
import { imageRows } from './sessions/image-rows.ts';
import { sessionRows } from './sessions/session-rows.ts';
import { workRows } from './sessions/work-rows.ts';
import { jobRows } from './tools/job-rows.ts';
import { memoryRows } from './tools/memory-rows.ts';
import { noteRows } from './tools/note-rows.ts';
import { toolServerRows } from './tools/server-rows.ts';

/** The derived rows of every room: what the writer keeps up to date and a rebuild derives again. */
export const projections: readonly Projection[] = [
  settingRows,
  lifeRows,
  tokenRows,
  capabilityRows,
  sessionRows,
  workRows,
  imageRows,
  agentSessionRows,
  runRows,
  runMakerRows,
  objectiveRows,
  approvalRows,
  ruleRows,
  providerRows,
  spendingRows,
  noteRows,
  memoryRows,
  jobRows,
  toolServerRows,
];
