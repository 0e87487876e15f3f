import { type Command, Option } from 'commander';
import { type AgentCommand, type PresetName, presetNames } from '../../../shared/command-agent.ts';
import type { Agent } from '../../../shared/agent.ts';
import type { AgentEntry } from '../../../shared/contract/agents.ts';
import { levelWords } from '../../../shared/level-words.ts';
import { type ModelWay, modelWays, newCommandAgent, waysOf } from '../../../shared/new-command-agent.ts';
import { plural } from '../../../shared/plural.ts';
import { Problem } from '../../../shared/problem.ts';
import { insistOn } from '../ask.ts';
import type { Client } from '../client.ts';
import { problemLines, problemText, readDeclaredText } from '../declared-text.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { presetLines } from '../preset-lines.ts';
import { type Common, openSession, verb } from '../session.ts';
import { addImageVerb } from './agent-image.ts';

export function addAgentVerbs(program: Command): void {
  const agents = program
    .command('agents')
    .helpCommand(false)
    .summary('See, make and check agents')
    .description('See, make and check agents.');

  verb(agents, 'list', 'Say which agents there are', 'holdfast agents list').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const list = await client.agents.list();
      out.result(list, () => aligned(list.map(agentCells)));
    },
  );

  verb(agents, 'show <name>', 'Say what an agent is and may do', 'holdfast agents show coder')
    .option('--text', 'its file instead')
    .action(async (name: string, options: Common & { text?: true }) => {
      const { client, out } = openSession(options);
      const entry = await client.agents.get({ name });
      out.result(entry, () =>
        options.text ? entry.text.trimEnd().split('\n').map(harmless) : agentLines(entry),
      );
    });

  verb(
    agents,
    'new <name>',
    'Make an agent’s file, to be edited by you',
    'holdfast agents new my-coder --extends coder',
  )
    .option('--extends <agent>', 'begin with what another agent has', 'generalist')
    .option('--from <file>', 'take this file instead')
    .addOption(new Option('--preset <preset>', 'a command, or an agent known here').choices(presetNames))
    .addOption(new Option('--model-by <way>', 'how that one comes to its model').choices(modelWays))
    .action(async (name: string, options: NewOptions) => {
      const { client, out } = openSession(options);
      const text = await newText(client, name, options);
      const entry = await client.agents.save({ name, text, before: null });
      out.result(entry, () => [`Its file is ${entry.file}.`, ...problemLines(entry.problems)]);
    });

  verb(
    agents,
    'presets',
    'Say which command-line agents are known, and what each lacks on this machine',
    'holdfast agents presets',
  ).action(async (options: Common) => {
    const { client, out } = openSession(options);
    const presets = await client.agents.presets();
    out.result(presets, () => presetLines(presets));
  });

  addImageVerb(agents);

  verb(
    agents,
    'validate <file>',
    'Say what is wrong with an agent’s file; ends with 5 where something is',
    'holdfast agents validate ./my-agent.yaml',
  ).action(async (file: string, options: Common) => {
    const { client, out } = openSession(options);
    const checked = await client.agents.validate({ text: await readDeclaredText(file) });
    out.result(checked, () =>
      checked.problems.length > 0
        ? checked.problems.map((problem) => tinted('bad', `${file}:${problemText(problem)}`))
        : [`It declares ${checked.agent?.name}, and is without a problem.`],
    );
    if (checked.problems.length > 0) process.exitCode = 5;
  });

  verb(agents, 'remove <name>', 'Remove a file of yours', 'holdfast agents remove my-coder --yes')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      const { file, hash } = await client.agents.get({ name });
      await insistOn(`Remove ${file}?`, options.yes);
      const removed = await client.agents.remove({ name, before: hash });
      out.result(removed, () => [`Removed ${file}.`]);
    });

  verb(
    agents,
    'schema',
    'Give the JSON Schema of agents’ files, for editors',
    'holdfast agents schema > agent.schema.json',
  ).action(async (options: Common) => {
    const { client, out } = openSession(options);
    const schema = await client.agents.schema();
    out.result(schema, () => [JSON.stringify(schema, null, 2)]);
  });
}

interface NewOptions extends Common {
  extends: string;
  from?: string;
  preset?: PresetName;
  modelBy?: ModelWay;
}

async function newText(client: Client, name: string, options: NewOptions): Promise<string> {
  const { from, preset, modelBy } = options;
  if (from !== undefined) return readDeclaredText(from);
  if (preset === undefined) return beginning(name, options.extends);
  const look = (await client.agents.presets()).find((each) => each.name === preset);
  if (!look) throw new Problem('not_found', `There is no preset “${preset}”.`);
  const ways = waysOf(look);
  if (modelBy !== undefined && !ways.includes(modelBy)) {
    const there = ways.length > 0 ? `There are ${ways.join(', ')}.` : 'Leave it out.';
    throw new Problem('invalid_input', `“${preset}” comes to no model by “${modelBy}”.`, there);
  }
  return newCommandAgent(name, look, modelBy ?? ways[0] ?? null);
}

function beginning(name: string, parent: string): string {
  return `name: ${name}\nextends: ${parent}\ndescription: What it is for, in one sentence.\n`;
}

function agentCells(entry: AgentEntry): string[] {
  const broken = entry.problems.length > 0;
  const told = broken
    ? tinted('bad', problemText(entry.problems[0]!))
    : harmless(entry.agent?.description ?? '');
  const kind = entry.agent?.command ? 'command' : 'model';
  return [harmless(entry.name), entry.origin, broken ? '' : kind, told];
}

function agentLines(entry: AgentEntry): string[] {
  const { agent } = entry;
  if (!agent) return [`${harmless(entry.file)} cannot work:`, ...problemLines(entry.problems)];
  const facts = agent.command
    ? commandFacts(entry.file, agent, agent.command)
    : modelFacts(entry.file, agent);
  return [
    harmless(agent.description || agent.name),
    '',
    ...aligned(facts.map((cells) => cells.map(harmless))),
    '',
    'It may',
    ...entry.rights.map((right) => `  ${harmless(right)}`),
  ];
}

function modelFacts(file: string, agent: Agent): string[][] {
  return [
    ['file', file],
    ['model', agent.models.length > 0 ? agent.models.join(', then ') : 'the default one'],
    ['sandbox', agent.sandbox.kind],
    [
      'folders',
      { ro: 'read-only', rw: 'read and write in place', review: 'changes wait for your review' }[
        agent.folderMode
      ],
    ],
    ['network', agent.network.length > 0 ? agent.network.join(', ') : 'none'],
    ['asks you', levelWords[agent.approvals]],
    ['skills', agent.skills === '*' ? 'all' : agent.skills.join(', ') || 'none'],
    ['turns', `at most ${plural(agent.limits.iterations, 'iteration')}`],
  ];
}

function commandFacts(file: string, agent: Agent, command: AgentCommand): string[][] {
  const { image, kind } = agent.sandbox;
  const secrets = command.credentials.map(({ secret }) => secret);
  return [
    ['file', file],
    ['command', command.argv.join(' ').replaceAll('\n', ' ')],
    ['preset', command.preset ?? 'none'],
    ['repository', command.repository ?? 'named at each start'],
    ['branch', command.branch ?? 'the usual one'],
    ['methodology', command.methodology ?? 'none'],
    ['model', command.gateway ? 'through Holdfast' : 'its own'],
    ['secrets', secrets.join(', ') || 'none'],
    ...command.mounts.map(({ source, target, readOnly }) => [
      'mount',
      `${source} at ${target}${readOnly ? '' : ', changed in place'}`,
    ]),
    ['sandbox', image === null ? kind : `${kind} from ${image}`],
    ['network', agent.network.length > 0 ? agent.network.join(', ') : 'none'],
    ['lifecycle', agent.lifecycle],
  ];
}
