import { z } from 'zod';

/** What a program can ask of Holdfast by MCP. */
export const mcpTools = [
  'submit_goal',
  'get_run',
  'list_runs',
  'cancel_run',
  'get_agent_status',
  'cancel_agent',
  'list_agents',
  'run_agent',
  'ask_agent',
  'list_approvals',
  'answer_approval',
  'search_record',
  'get_bundle',
] as const;
export const mcpToolSchema = z.enum(mcpTools);
export type McpTool = z.infer<typeof mcpToolSchema>;

/** Answering for the person is never given unasked. */
export const usualMcpTools = mcpTools.filter((name) => name !== 'answer_approval');
