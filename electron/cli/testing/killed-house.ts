import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { startModelStandIn } from '../../../e2e/stand-in-models/stand-in.ts';
import type { Scripted } from '../../../e2e/stand-in-models/scripted.ts';
import type { AgentSession, ToolCard } from '../../../shared/agent-session.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { pathsFor, systemPathSources } from '../../base/paths.ts';
import { type Client, connect } from '../client.ts';
import { type Daemon, holdfast, startDaemon, testFolder } from './launch.ts';

/**
 * When in a step it is killed: while the model is asked, soon after it has answered, while a command runs whose
 * effect is yet to come or is done, or while the person is asked.
 */
export type When = 'asked' | 'answered' | 'before' | 'after' | 'waiting';
export interface Kill {
  readonly step: number;
  readonly when: When;
}

const declarations = [
  [
    'name: worker',
    'model: mine/worker',
    'system_prompt: Work.',
    'tools: [file_read, file_write, file_edit, exec, note_save, ask_person, spawn_agent]',
    'capabilities:',
    '  - file_read: $folder/*',
    '  - file_write: $folder/*',
    "  - exec: '*'",
    '  - spawn_agent: child',
    'approvals: everything',
  ],
  [
    'name: child',
    'model: mine/child',
    'tools: [exec]',
    'capabilities:',
    "  - exec: '*'",
    '  - file_write: $folder/*',
  ],
];

/** A line in the log, in a command that is held up before or after it where a kill is planned there. */
function logging(word: string, when: When | undefined): Scripted {
  const effect = `echo ${word} >> log`;
  const begun = `echo begun > begun-${word}`;
  const until = `while [ ! -e go-${word} ]; do sleep 0.02; done`;
  const held: Partial<Record<When, string>> = {
    before: `${begun}; ${until}; ${effect}`,
    after: `${effect}; ${begun}; ${until}`,
  };
  const command = (when && held[when]) ?? effect;
  return { calls: [{ tool: 'exec', input: { command } }] };
}

export const words: Readonly<Record<number, string>> = { 3: 'three', 5: 'five', 7: 'child', 8: 'eight' };

function script(step: number, when: When | undefined): Scripted {
  const call = (tool: string, input: Record<string, unknown>): Scripted => ({ calls: [{ tool, input }] });
  switch (step) {
    case 0:
      return call('file_read', { path: 'file.txt' });
    case 1:
      return call('file_write', { path: 'made.txt', content: 'made' });
    case 2:
      return call('file_edit', { path: 'file.txt', old_string: 'old', new_string: 'new old' });
    case 4:
      return call('note_save', { key: 'four', content: 'the fourth' });
    case 6:
      return call('ask_person', { question: 'Which colour?', choices: ['red', 'blue'] });
    case 7:
      return call('spawn_agent', { agent: 'child', message: 'Log it.' });
    case 9:
      return call('file_read', { path: 'log' });
    case 10:
      return { text: 'All done.' };
    default:
      return logging(words[step] ?? 'nothing', when);
  }
}

/** Looks after a session as a person would: allows, answers, and says what happened where nobody knows. */
class Person {
  readonly asked = new Map<string, string>();
  readonly decisions: string[] = [];
  readonly #work: string;

  constructor(work: string) {
    this.#work = work;
  }

  async look(client: Client, leaves: (tool: string) => boolean): Promise<AgentSession[]> {
    for (const { id, call, kind, tool } of await client.approvals.list({})) {
      // The same question is asked again by the same id, in whatever life.
      if ((this.asked.get(call) ?? id) !== id) throw new Error(`${call} was asked about twice`);
      this.asked.set(call, id);
      if (leaves(tool)) continue;
      const answer =
        kind === 'question' ? { kind: 'reply' as const, text: 'blue' } : { kind: 'once' as const };
      await client.approvals.answer({ approval: id, answer });
    }
    const sessions = await client.agentSessions.list({});
    for (const { id, activity } of sessions) if (activity === 'unsure') await this.#settle(client, id);
    return sessions;
  }

  async #settle(client: Client, session: string): Promise<void> {
    const { entries } = await client.agentSessions.transcript({ session, most: 100 });
    const unknown = entries.flatMap((entry) =>
      entry.kind === 'call' && entry.card.state === 'unknown' ? [entry.card] : [],
    );
    for (const card of unknown) {
      const decision = this.#happened(card) ? (this.decisions.includes('skip') ? 'fail' : 'skip') : 'redo';
      this.decisions.push(decision);
      await client.agentSessions.settle({ session, call: card.call, decision });
    }
  }

  #happened({ tool, input }: ToolCard): boolean {
    const text = (name: string) => {
      const path = join(this.#work, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    if (tool === 'file_write') return text('made.txt') === 'made';
    if (tool === 'file_edit') return text('file.txt').includes('new');
    const { command = '' } = input as { command?: string };
    const [, word] = /echo (\w+) >> log/.exec(command) ?? [];
    return text('log')
      .split('\n')
      .includes(word ?? '');
  }
}

/** A ten-step session in a real house that is killed at these moments; what the person decided on the way. */
export async function killedAt(kills: readonly Kill[]): Promise<{ decisions: string[]; killed: number }> {
  const left = new Map(kills.map((kill) => [kill.step, kill.when]));
  let due: (() => void) | null = null;
  const planned = (step: number) => kills.find((kill) => kill.step === step)?.when;
  const reached = (step: number, when: When) => {
    if (left.get(step) !== when) return false;
    left.delete(step);
    return true;
  };
  const server = await startModelStandIn({
    answer({ model, messages }) {
      const answers = messages.filter(({ role }) => role === 'assistant').length;
      if (model === 'child') {
        const when = planned(7);
        return answers === 0 ? logging('child', when) : { text: 'The child is done.' };
      }
      const answer = script(answers, planned(answers));
      if (reached(answers, 'asked')) due?.();
      // At some moment while it is taken up: whichever it is, nothing may be lost or done twice.
      if (reached(answers, 'answered')) setTimeout(() => due?.(), (answers * 7) % 40);
      return answer;
    },
  });
  onTestFinished(() => server.close());
  const folder = testFolder();
  const work = testFolder();
  chmodSync(work, 0o777);
  writeFileSync(join(work, 'file.txt'), 'old\n');
  chmodSync(join(work, 'file.txt'), 0o666);
  let daemon = await startDaemon({ folder });
  const set = ['configure', '--provider', 'mine', '--base-url', server.openai, '--model', 'worker'];
  expect(await holdfast(folder, set)).toMatchObject({ code: 0 });
  for (const lines of declarations) {
    const name = lines[0]?.slice('name: '.length) ?? '';
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    const made = await holdfast(folder, ['agents', 'new', name, '--from', file]);
    if (made.code !== 0) throw new Error(`${name} could not be made: ${made.stderr}`);
  }
  const client = connect(pathsFor(folder, systemPathSources()));
  const person = new Person(work);
  const { id } = await client.agentSessions.open({ agent: 'worker', folders: [{ path: work, mode: 'rw' }] });
  await client.agentSessions.send({ session: id, parts: [{ kind: 'text', text: 'Do it.' }] });

  let killed = 0;
  /** Works until the next moment at which it is to be killed, or to its end. */
  const life = async (running: Daemon): Promise<boolean> => {
    let isDue = false;
    due = () => (isDue = true);
    const leaves = (tool: string) => tool === 'ask_person' && left.get(6) === 'waiting';
    for (;;) {
      const sessions = isDue ? [] : await person.look(client, leaves);
      const steps = Object.entries(words).map(([step, word]) => ({ step: Number(step), word }));
      const held = steps.find(
        ({ step, word }) =>
          /^(before|after)$/.test(left.get(step) ?? '') && existsSync(join(work, `begun-${word}`)),
      );
      if (held) isDue = reached(held.step, left.get(held.step)!);
      if (
        left.get(6) === 'waiting' &&
        sessions.some(
          ({ activity, detail }) => activity === 'waiting' && detail?.includes('your answer') === true,
        )
      )
        isDue = reached(6, 'waiting');
      if (isDue) {
        running.child.kill('SIGKILL');
        await running.ended;
        if (held) writeFileSync(join(work, `go-${held.word}`), '');
        killed++;
        return true;
      }
      const session = sessions.find((one) => one.id === id);
      if (session?.activity === 'idle' && session.turns > 0) return false;
      await wait(10);
    }
  };
  while (await life(daemon)) daemon = await startDaemon({ folder });

  expect(readFileSync(join(work, 'log'), 'utf8')).toBe('three\nfive\nchild\neight\n');
  expect(readFileSync(join(work, 'file.txt'), 'utf8')).toBe('new old\n');
  expect(readFileSync(join(work, 'made.txt'), 'utf8')).toBe('made');
  const { entries } = await client.agentSessions.transcript({ session: id, most: 100 });
  expect(entries.at(-1)).toMatchObject({ kind: 'answer', text: 'All done.' });
  const cards = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
  expect(cards).toHaveLength(10);
  const ends = (await everyEvent(client, 'tool.finished')).map(({ data }) => (data as { call: string }).call);
  expect(new Set(ends).size).toBe(ends.length);
  expect(ends).toHaveLength(11);
  const notes = await everyEvent(client, 'note.saved');
  expect(notes.length).toBeGreaterThan(0);
  expect(
    (await client.agentSessions.list({})).map(({ agent, activity }) => `${agent} ${activity}`).toSorted(),
  ).toEqual(['child ended', 'worker idle']);
  await holdfast(folder, ['stop']);
  await daemon.ended;
  return { decisions: person.decisions, killed };
}

async function everyEvent(client: Client, kind: string): Promise<RecordedEvent[]> {
  const { events } = await client.record.query({ filter: { kinds: [kind] }, limit: 500 });
  return events;
}
