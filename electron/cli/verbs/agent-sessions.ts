import { realpathSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { type Command, Option } from 'commander';
import { approvalLevels, type ApprovalLevel } from '../../../shared/approval.ts';
import type { AgentSession, SessionNews } from '../../../shared/agent-session.ts';
import { Problem, problemCodes } from '../../../shared/problem.ts';
import { agentSessionCells, entryLines, textOf } from '../agent-session-lines.ts';
import { onTerminal, readInput } from '../ask.ts';
import type { Client } from '../client.ts';
import { harmless } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readFolder } from '../shell-wish.ts';
import { askTurn } from '../turn.ts';
import { isRun, logRun, steerRun } from './runs.ts';
import { endWith } from './shell.ts';

interface WishOptions extends Common {
  folder?: string[];
  allowHost?: string[];
  model?: string;
  level?: ApprovalLevel;
  deny?: true;
  wait?: true;
}

export function addAgentSessionVerbs(program: Command): void {
  const asking = verb(
    program,
    'ask <agent> <text>',
    'Ask an agent one thing, or with - what comes on standard input, and end its session with the answer',
    'holdfast ask generalist "What is in this folder?" --folder .:ro',
  );
  wishOptions(asking)
    .addHelpText(
      'after',
      '\nWithout a terminal nothing is asked of you: what would ask is denied, or with --wait it waits for\n`holdfast approve`. It ends as the session ended.',
    )
    .action(ask);

  const chatting = verb(
    program,
    'chat <agent>',
    'Talk with an agent, line by line',
    'holdfast chat coder --folder ~/project',
  );
  wishOptions(chatting).option('--session <session>', 'go on with this one').action(chat);

  verb(
    program,
    'logs <id>',
    'Say what happened in a run, or was said and done in a session with an agent',
    'holdfast logs ses_01j5 -f',
  )
    .option('-f, --follow', 'and go on with what happens')
    .option('--most <number>', 'so many entries, the newest', '200')
    .action(logs);

  addSteering(program);
}

function addSteering(program: Command): void {
  const steer = (name: 'pause' | 'resume' | 'interrupt', summary: string) =>
    verb(
      program,
      `${name} <${name === 'interrupt' ? 'session' : 'id'}>`,
      summary,
      `holdfast ${name} ses_01j5`,
    ).action(async (session: string, options: Common) => {
      const { client, out } = openSession(options);
      if (name !== 'interrupt' && isRun(session)) return steerRun(client, out, session, name);
      const now = await client.agentSessions[name]({ session });
      out.result(now, () => [agentSessionCells(now).join('  ')]);
    });
  steer('pause', 'Let a run, or a session with an agent, rest after what it does now');
  steer('resume', 'Let a run, or a session with an agent, go on');
  steer('interrupt', 'End the turn an agent is at; its session stays open');

  verb(
    program,
    'settle <session> <decision>',
    'Say what becomes of a call whose effect is unknown after a crash: redo, skip or fail',
    'holdfast settle ses_01j5 skip',
  )
    .option('--call <call>', 'which one, where there are several')
    .action(async (session: string, decision: string, options: Common & { call?: string }) => {
      const { client, out } = openSession(options);
      const chosen = (['redo', 'skip', 'fail'] as const).find((one) => one === decision);
      if (!chosen) {
        throw new Problem('invalid_input', `“${decision}” is no decision.`, 'There are redo, skip and fail.');
      }
      const call = options.call ?? (await onlyUnknown(client, session));
      const now = await client.agentSessions.settle({
        session,
        call: call as `call_${string}`,
        decision: chosen,
      });
      out.result(now, () => [agentSessionCells(now).join('  ')]);
    });
}

async function onlyUnknown(client: Client, session: string): Promise<string> {
  const { entries } = await client.agentSessions.transcript({ session, most: 500 });
  const unknown = entries.flatMap((entry) =>
    entry.kind === 'call' && entry.card.state === 'unknown' ? [entry.card] : [],
  );
  const [first] = unknown;
  if (first && unknown.length === 1) return first.call;
  if (!first) throw new Problem('conflict', 'The effect of no call of this session is unknown.');
  const list = unknown.map(({ call, tool, preview }) => `${call} (${tool}: ${preview})`).join(', ');
  throw new Problem('conflict', `Several calls are unknown: ${list}.`, 'Name one with --call.');
}

function wishOptions(command: Command): Command {
  return command
    .option('--folder <dir[:mode]>', 'a folder it works in: ro, rw or review; may be repeated', collect)
    .option('--allow-host <host>', 'a host it may reach beside those of its file; may be repeated', collect)
    .option('--model <provider/name>', 'another model than its file says')
    .addOption(new Option('--level <level>', 'what asks').choices(approvalLevels))
    .option('--deny', 'deny whatever would ask')
    .option('--wait', 'let whatever would ask wait for an answer from elsewhere');
}

async function open(client: Client, agent: string, options: WishOptions): Promise<AgentSession> {
  if (options.deny && options.wait) throw new Problem('invalid_input', 'Give --deny or --wait, not both.');
  const from = realpathSync(process.cwd());
  const folders = (options.folder ?? []).map((text) => {
    const folder = readFolder(text, from);
    // Where nothing is said, the agent’s file says how.
    return /:(ro|rw|review)$/.test(text) ? folder : { path: folder.path };
  });
  const nobody = options.deny === true || (!options.wait && (options.json === true || !onTerminal()));
  return client.agentSessions.open({
    agent,
    folders,
    hosts: options.allowHost ?? [],
    model: options.model ?? null,
    approvals: options.level ?? null,
    unattended: nobody ? 'deny' : 'wait',
  });
}

/** A program receives one document, at the end. */
const nothing = () => Promise.resolve();

async function ask(agent: string, asked: string, options: WishOptions): Promise<void> {
  const { client, out } = openSession(options);
  const text = asked === '-' ? await readInput() : asked;
  if (text.trim() === '') throw new Problem('invalid_input', 'There is nothing to ask.', 'Say something.');
  const { id } = await open(client, agent, options);
  const here = !out.json && !options.wait && !options.deny && onTerminal() ? askLine : null;
  const { session, text: answer } = await askTurn(
    { client, out, each: out.json ? nothing : null, session: id, line: here, streaming: false },
    text,
  );
  if (
    session.activity === 'out_of_budget' ||
    session.activity === 'unsure' ||
    session.activity === 'paused'
  ) {
    out.result({ session, answer }, () => (answer === '' ? [] : linesOf(answer)));
    out.say(`It rests: ${session.activity.replaceAll('_', ' ')}. ${harmless(session.detail ?? '')}`);
    process.exitCode = session.activity === 'out_of_budget' ? problemCodes.budget_exhausted.exit : 3;
    return;
  }
  const ended = await client.agentSessions.stop({ session: id });
  out.result({ session: ended, answer }, () => (answer === '' ? [] : linesOf(answer)));
  if (ended.review === 'waiting') {
    out.say(
      `What it changed waits: \`holdfast changes ${id}\`, \`holdfast apply ${id}\`, \`holdfast discard ${id}\`.`,
    );
  }
  if (ended.outcome) endWith(out, ended.outcome);
}

async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

async function chat(agent: string, options: WishOptions & { session?: string }): Promise<void> {
  const { client, out } = openSession(options);
  const session =
    options.session === undefined
      ? await open(client, agent, options)
      : await client.agentSessions.get({ session: options.session });
  out.say(`${session.id}: say something; an empty line ends the talk and leaves the session open.`);
  const each = out.json ? (news: SessionNews) => out.item(news, () => '') : null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const here = onTerminal() && !options.deny && !options.wait;
  try {
    if (here) lines.setPrompt('> ');
    if (here) lines.prompt();
    for await (const said of lines) {
      if (said.trim() === '') break;
      const line = here ? (question: string) => lines.question(question) : null;
      const answered = await askTurn({ client, out, each, session: session.id, line, streaming: true }, said);
      if (answered.session.activity === 'ended') break;
      if (here) lines.prompt();
    }
  } finally {
    lines.close();
  }
  out.say(
    `It stays open: \`holdfast chat ${agent} --session ${session.id}\`, \`holdfast stop ${session.id}\`.`,
  );
}

async function logs(session: string, options: Common & { follow?: true; most: string }): Promise<void> {
  const { client, out } = openSession(options);
  if (isRun(session)) return logRun(client, out, session, options.follow === true);
  const most = Math.max(1, Math.min(500, Number(options.most) || 200));
  const { entries } = await client.agentSessions.transcript({ session, most });
  if (!options.follow) return out.result(entries, () => entries.flatMap(entryLines));
  for (const entry of entries) await out.item(entry, () => entryLines(entry).join('\n'));
  const after = entries.at(-1)?.seq;
  const news = await client.agentSessions.follow({ session, ...(after === undefined ? {} : { after }) });
  for await (const one of news) {
    if (one.kind === 'entry') {
      const { entry } = one;
      const unchanged = entry.kind === 'call' && entry.card.state === 'running' && !out.json;
      if (!unchanged) await out.item(entry, () => entryLines(entry).join('\n'));
    }
    if (one.kind === 'session' && one.session.activity === 'ended') return;
  }
}

function linesOf(text: string): string[] {
  return textOf([{ kind: 'text', text }])
    .trimEnd()
    .split('\n')
    .map((line) => harmless(line.replaceAll('\t', '    ')));
}
