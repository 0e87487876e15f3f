import type { ToolPolicy, ToolServer } from '../../../shared/tool-server.ts';

export function policyOf(server: ToolServer, tool: string): ToolPolicy {
  return Object.hasOwn(server.tools, tool) ? server.tools[tool]! : server.usual;
}

/**
 * Whether a call counts as something that cannot be taken back. It does not only where the server says that it reads,
 * and the person names the tool and leaves it to the agent’s level.
 */
export function isAction(server: ToolServer, tool: string, readOnly: boolean): boolean {
  return !(readOnly && Object.hasOwn(server.tools, tool) && server.tools[tool]!.level === 'usual');
}

/** As agents, rights and rules call it. */
export const toolName = (server: string, tool: string) => `mcp.${server}.${tool}`;
