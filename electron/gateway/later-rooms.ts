import type { Agents } from '../agents/agents.ts';
import type { HouseApprovals } from '../approvals/approvals.ts';
import type { Later } from '../base/later.ts';
import type { ModelRoom } from '../models/model-room.ts';
import type { Planning } from '../planning/planning.ts';
import type { LaterObjectives } from '../runs/later-objectives.ts';
import type { Runs } from '../runs/runs.ts';
import type { AgentSessions } from '../sessions/agent-sessions.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { WorkRecords } from '../sessions/work-records.ts';
import type { WorkSessions } from '../sessions/work-sessions.ts';
import type { ToolRoom } from '../tools/tool-room.ts';
import type { ToolServers } from '../tools/tool-servers.ts';

/** Rooms that the gateway speaks for and that are built when somebody first asks something of them. */
export interface LaterRooms {
  readonly sessions: Later<Sessions>;
  readonly agentSessions: Later<AgentSessions>;
  readonly work: Later<WorkSessions>;
  readonly records: Later<WorkRecords>;
  readonly planning: Later<Planning>;
  readonly runs: Later<Runs>;
  readonly objectives: Pick<LaterObjectives, 'open' | 'watch'>;
  readonly agents: Later<Agents>;
  readonly models: Later<ModelRoom>;
  readonly approvals: Later<HouseApprovals>;
  readonly tools: Later<ToolRoom>;
  readonly toolServers: Later<ToolServers>;
}
