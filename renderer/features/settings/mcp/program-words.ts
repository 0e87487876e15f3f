import { writeHostPattern } from '../../../../shared/capability/host-pattern.ts';
import { type McpRights } from '../../../../shared/mcp.ts';
import { type McpTool, usualMcpTools } from '../../../../shared/mcp-tools.ts';
import { budgetWords } from '../../../bridge/budget-words.ts';

/** What a program may do with each tool, as the end of “it may …”. */
export const toolWords: Record<McpTool, string> = {
  submit_goal: 'begin runs',
  get_run: 'see how its runs stand',
  list_runs: 'list its runs',
  cancel_run: 'end its runs',
  get_agent_status: 'see how its agents stand',
  cancel_agent: 'end its agents',
  list_agents: 'list agents',
  run_agent: 'start agents',
  ask_agent: 'ask agents',
  list_approvals: 'see what waits for you',
  answer_approval: 'answer for you',
  search_record: 'search the record',
  get_bundle: 'export proofs',
};

const modes = { ro: 'to read', rw: 'to read and write', review: 'to change after your review' } as const;

/** Everything a program may do, one thing to a part. */
export function rightsWords(rights: McpRights): string[] {
  const { tools, agents, folders, hosts, budget, callsPerMinute, callsAtOnce } = rights;
  return [
    toolsWords(tools),
    agents === null ? 'any agent' : agents.length === 0 ? 'no agent' : `only ${agents.join(', ')}`,
    folders.length === 0 ? 'no folder' : folders.map(({ path, mode }) => `${path} ${modes[mode]}`).join(', '),
    hosts.length === 0 ? 'no network' : `connects to ${hosts.map(writeHostPattern).join(', ')}`,
    budget === null ? 'no budget of its own' : budgetWords(budget),
    `${callsPerMinute.toLocaleString('en')} calls a minute, ${callsAtOnce.toLocaleString('en')} at once`,
  ];
}

function toolsWords(tools: readonly McpTool[]): string {
  const usual = usualMcpTools.every((tool) => tools.includes(tool));
  if (usual)
    return tools.length === usualMcpTools.length ? 'the usual tools' : 'every tool, and answers for you';
  return `may ${tools.map((tool) => toolWords[tool]).join(', ')}`;
}
