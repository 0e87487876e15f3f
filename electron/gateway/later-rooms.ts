import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { McpClientCall, McpConfiguration, McpServing } from '../../shared/mcp.ts';
import type { Agents } from '../agents/agents.ts';
import type { HouseApprovals } from '../approvals/approvals.ts';
import type { Later } from '../base/later.ts';
import type { ModelRoom } from '../models/model-room.ts';
import type { Planning } from '../planning/planning.ts';
import type { LaterObjectives } from '../runs/later-objectives.ts';
import type { LaterRuns } from '../runs/later-runs.ts';
import type { Runs } from '../runs/runs.ts';
import type { AgentSessions } from '../sessions/agent-sessions.ts';
import type { PresetImages } from '../sessions/preset-images.ts';
import type { LaterAgentSessions } from '../sessions/later-agent-sessions.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { WorkRecords } from '../sessions/work-records.ts';
import type { WorkSessions } from '../sessions/work-sessions.ts';
import type { ToolRoom } from '../tools/tool-room.ts';
import type { ToolServers } from '../tools/tool-servers.ts';

/** The door for programs that speak MCP. It lies above the gateway, which speaks for it. */
export interface McpRoom {
  serving(): Promise<McpServing>;
  serve(wish: { on: boolean; port: number | null }, actor: Actor): Promise<McpServing>;
  watch(signal: AbortSignal): AsyncIterable<McpServing>;
  configurations(token: string | null): Promise<McpConfiguration[]>;
  calls(token: Id<'token'>, most: number): Promise<McpClientCall[]>;
  /** Acts on a setting that changed. */
  settled(): Promise<void>;
  /** What comes for it by the socket. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Rooms that the gateway speaks for and that are built when somebody first asks something of them. */
export interface LaterRooms {
  readonly sessions: Later<Sessions>;
  readonly agentSessions: Later<AgentSessions>;
  readonly work: Later<WorkSessions>;
  readonly records: Later<WorkRecords>;
  readonly planning: Later<Planning>;
  readonly runs: Later<Runs>;
  readonly objectives: Pick<LaterObjectives, 'open' | 'watch'>;
  /** Without building the room where there is nothing to tell. */
  readonly watches: {
    readonly runs: Pick<LaterRuns, 'list' | 'watch'>;
    readonly agentSessions: Pick<LaterAgentSessions, 'list' | 'watch'>;
  };
  readonly agents: Later<Agents>;
  readonly images: Later<PresetImages>;
  readonly models: Later<ModelRoom>;
  readonly approvals: Later<HouseApprovals>;
  readonly tools: Later<ToolRoom>;
  readonly toolServers: Later<ToolServers>;
  readonly mcp: Later<McpRoom>;
}
