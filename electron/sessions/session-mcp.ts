import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Agent } from '../../shared/agent.ts';
import { readHostPattern } from '../../shared/capability/host-pattern.ts';
import type { AgentCommand } from '../../shared/command-agent.ts';
import type { Id } from '../../shared/ids.ts';
import { type McpRights, mcpRightsSchema } from '../../shared/mcp.ts';

/** Whose programs speak MCP with Holdfast from inside a sandbox, and what they may do there. */
export interface McpOfSession {
  readonly session: Id<'session'>;
  readonly agent: string;
  readonly rights: McpRights;
  /** The session is over. */
  readonly ended: AbortSignal;
}

/** What answers them lies above, and is handed in. */
export interface SessionMcp {
  answerSession(request: IncomingMessage, response: ServerResponse, asks: McpOfSession): Promise<void>;
}

/** No more than the session has itself: its mounts, its hosts, its agent’s budget. */
export function rightsOfSession(
  { network, budget }: Pick<Agent, 'network' | 'budget'>,
  { mcp, mounts }: AgentCommand,
): McpRights | null {
  if (!mcp) return null;
  return mcpRightsSchema.parse({
    tools: mcp.tools,
    agents: mcp.agents,
    folders: mounts.map(({ source, readOnly }) => ({ path: source, mode: readOnly ? 'ro' : 'rw' })),
    hosts: network.map((text, i) => readHostPattern({ text, field: `network[${i}]`, offset: 0 })),
    budget,
  });
}
