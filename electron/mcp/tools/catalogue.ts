import { mcpTools } from '../../../shared/mcp-tools.ts';
import type { McpRights } from '../../../shared/mcp.ts';
import type { Tool } from '../calling/tool.ts';
import { askAgent, listAgents, runAgent } from './agents.ts';
import { answerApprovalTool, listApprovals } from './approvals.ts';
import { getBundle, searchRecord } from './record.ts';
import { cancelAgent, cancelRun, getAgentStatus, getRun, listRuns } from './runs.ts';
import { submitGoal } from './submit-goal.ts';

const all: readonly Tool[] = [
  submitGoal,
  getRun,
  listRuns,
  cancelRun,
  getAgentStatus,
  cancelAgent,
  listAgents,
  runAgent,
  askAgent,
  listApprovals,
  answerApprovalTool,
  searchRecord,
  getBundle,
];

/** In the order in which they are shown. */
export const tools: readonly Tool[] = all.toSorted(
  (a, b) => mcpTools.indexOf(a.name) - mcpTools.indexOf(b.name),
);

/** Undefined where there is none of that name, or its caller may not use it. */
export const toolFor = (name: string, rights: McpRights): Tool | undefined =>
  rights.tools.some((held) => held === name) ? tools.find((tool) => tool.name === name) : undefined;
