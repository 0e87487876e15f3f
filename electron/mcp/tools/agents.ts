import { z } from 'zod';
import { type Agent, agentNameSchema } from '../../../shared/agent.ts';
import { Problem } from '../../../shared/problem.ts';
import { type ToolCall, tool } from '../calling/tool.ts';
import { runAnswerSchema } from './run-answer.ts';
import { startAndWait, startFields, startRun, waitFields } from './start-run.ts';

/** Command agents work on repositories, which is another thing than a task; of a wrong file nothing is known. */
export const takesTasks = (agent: Agent | null): agent is Agent =>
  agent !== null && agent.command === undefined;

export const mayUse = ({ caller }: Pick<ToolCall, 'caller'>, agent: string) =>
  caller.rights.agents === null || caller.rights.agents.includes(agent);

function begin(agent: string, text: string, given: Parameters<typeof startRun>[1], call: ToolCall) {
  if (!mayUse(call, agent)) {
    const { agents } = call.caller.rights;
    throw new Problem('forbidden', `You may not ask ${agent}.`, `You may ask ${agents?.join(', ')}.`);
  }
  return startRun({ kind: 'agent', agent, text }, given, call);
}

const task = z.string().trim().min(1).max(20_000);

export const runAgent = tool({
  name: 'run_agent',
  title: 'Run an agent',
  description:
    'Gives one agent a task, as a run of one part: in a sandbox, within the folders, hosts and budget that are named. list_agents says which there are.',
  input: z.strictObject({
    agent: agentNameSchema,
    task,
    ...startFields,
    wait: z.boolean().default(false).describe('Whether to answer only when it is over'),
    ...waitFields,
  }),
  output: runAnswerSchema,
  outside: true,
  does: (input, call) => startAndWait(() => begin(input.agent, input.task, input, call), input, call),
});

export const askAgent = tool({
  name: 'ask_agent',
  title: 'Ask an agent',
  description:
    'Asks one agent a question and waits for its answer, which is the result. It works in a sandbox, within the folders, hosts and budget that are named.',
  input: z.strictObject({ agent: agentNameSchema, question: task, ...startFields, ...waitFields }),
  output: runAnswerSchema,
  outside: true,
  does: (input, call) =>
    startAndWait(() => begin(input.agent, input.question, input, call), { ...input, wait: true }, call),
});

export const listAgents = tool({
  name: 'list_agents',
  title: 'List agents',
  description: 'Says which agents can be given a task, what they are for, and what they may do.',
  input: z.strictObject({}),
  output: z.object({
    agents: z.array(z.object({ name: z.string(), description: z.string(), rights: z.array(z.string()) })),
  }),
  reads: true,
  async does(_, call) {
    const entries = await (await call.house.rooms.agents()).list();
    const agents = entries.flatMap(({ name, agent, rights }) =>
      takesTasks(agent) && mayUse(call, name) ? [{ name, description: agent.description, rights }] : [],
    );
    return { output: { agents } };
  },
});
