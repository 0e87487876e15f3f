import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentSession, TranscriptEntry } from '../../shared/agent-session.ts';
import { AtTerminal } from './testing/at-terminal.ts';
import { houseWithAgent } from './testing/house-with-agent.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon, until } from './testing/launch.ts';

const write = { calls: [{ tool: 'file_write', input: { path: 'made', content: 'mine' } }] };
const timeout = 60_000;

test(
  'a talk on a terminal shows what is said as it comes, asks before a write, and leaves the session open',
  { timeout },
  async () => {
    const { folder, work } = await houseWithAgent({
      script: [{ text: 'Good day to you.' }, write, { text: 'It is made.' }],
    });
    const person = new AtTerminal(folder, [
      'chat',
      'helper',
      '--folder',
      `${work}:rw`,
      '--level',
      'everything',
    ]);
    await person.sees('> ');
    person.types('Hello\r');
    await person.sees('Good day to you.');
    person.types('Make it.\r');
    await person.sees('Allow it? [y]es, for this [s]ession, or [N]o and why: ');
    expect(existsSync(join(work, 'made'))).toBe(false);
    person.types('y\r');
    await person.sees('It is made.');
    expect(readFileSync(join(work, 'made'), 'utf8')).toBe('mine');
    person.types('\r');
    expect(await person.ended).toBe(0);
    expect(person.shown).toContain('It stays open: ');
    expect(await answerOf<AgentSession[]>(folder, 'sessions')).toMatchObject([
      { activity: 'idle', turns: 2 },
    ]);
  },
);

test('whoever says no at the terminal gives the agent the reason', { timeout }, async () => {
  const { folder, work, server } = await houseWithAgent({ script: [write, { text: 'Then not.' }] });
  const person = new AtTerminal(folder, [
    'ask',
    'helper',
    'Make it.',
    '--folder',
    `${work}:rw`,
    '--level',
    'everything',
  ]);
  await person.sees('or [N]o and why: ');
  person.types('no, not that one\r');
  await person.sees('Then not.');
  expect(await person.ended).toBe(0);
  expect(existsSync(join(work, 'made'))).toBe(false);
  expect(JSON.stringify(server.requests[1]?.messages)).toContain('not that one');
});

test(
  'a program asks with what comes on standard input, and receives one document and a code of its own',
  { timeout },
  async () => {
    const { folder, work } = await houseWithAgent({
      script: [write, { text: 'I may not.' }, { failure: { kind: 'status', status: 400, message: 'No.' } }],
    });
    const wish = ['--folder', `${work}:rw`, '--level', 'everything', '--json'];
    const asked = await holdfast(folder, ['ask', 'helper', '-', ...wish], {
      input: 'Make it.\nThank you.\n',
    });
    expect(asked, asked.stderr).toMatchObject({ code: 0, stderr: '' });
    const told = JSON.parse(asked.stdout) as { session: AgentSession; answer: string };
    expect(told).toMatchObject({
      answer: 'I may not.',
      session: { activity: 'ended', outcome: { label: 'success' } },
    });
    const [first, , call] = await answerOf<TranscriptEntry[]>(folder, 'logs', told.session.id);
    expect(first).toMatchObject({ kind: 'person', parts: [{ text: 'Make it.\nThank you.' }] });
    expect(call).toMatchObject({ card: { state: 'denied' } });

    const failed = await holdfast(folder, ['ask', 'helper', 'Again.', '--json']);
    expect(failed.code).toBe(6);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      session: { outcome: { label: 'infrastructure_failure' } },
    });
    const nothing = await holdfast(folder, ['ask', 'helper', '-', '--json'], { input: '\n' });
    expect(nothing.code).toBe(2);
  },
);

test(
  'a session is paused, resumed and interrupted by name, and whoever follows its log sees it to its end',
  { timeout },
  async () => {
    const answering = Promise.withResolvers<void>();
    const { folder, work } = await houseWithAgent({
      answer: async ({ messages }) => {
        if (JSON.stringify(messages).includes('Hang.')) await new Promise(() => undefined);
        await answering.promise;
        return messages.some(({ role }) => role === 'assistant') ? { text: 'It is made.' } : write;
      },
    });
    const asking = beginHoldfast(folder, [
      'ask',
      'helper',
      'Make it.',
      '--folder',
      `${work}:rw`,
      '--wait',
      '--data',
      folder,
    ]);
    let session: AgentSession | undefined;
    while (session?.activity !== 'working') [session] = await answerOf<AgentSession[]>(folder, 'sessions');
    const { id } = session;
    const followed = beginHoldfast(folder, ['logs', id, '-f', '--data', folder]);
    const program = beginHoldfast(folder, ['logs', id, '-f', '--json', '--data', folder]);
    await until(() => followed.stdout().includes('Make it.'));
    expect(await holdfast(folder, ['pause', id.slice(0, 20)])).toMatchObject({ code: 0 });
    answering.resolve();
    expect((await asking.ended).code).toBe(3);
    expect(asking.stderr()).toContain('It rests: paused.');
    expect(existsSync(join(work, 'made'))).toBe(false);
    await holdfast(folder, ['resume', id]);
    await until(() => followed.stdout().includes('It is made.'));
    expect(readFileSync(join(work, 'made'), 'utf8')).toBe('mine');

    const again = beginHoldfast(folder, ['chat', 'helper', '--session', id, '--wait', '--data', folder], {
      input: 'Hang.\n',
    });
    await until(() => followed.stdout().includes('Hang.'));
    const interrupted = await answerOf<AgentSession>(folder, 'interrupt', id);
    expect(interrupted).toMatchObject({ activity: 'idle', turns: 2 });
    expect((await again.ended).code).toBe(0);
    expect(await holdfast(folder, ['settle', id, 'skip'])).toMatchObject({ code: 3 });
    expect(await holdfast(folder, ['settle', id, 'perhaps'])).toMatchObject({ code: 2 });
    expect(await holdfast(folder, ['stop', id, '--force'])).toMatchObject({ code: 0 });
    expect(await followed.ended).toMatchObject({ code: 0 });
    expect(await program.ended).toMatchObject({ code: 0 });
    const lines = program
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TranscriptEntry);
    expect(lines.map(({ kind }) => kind)).toContain('answer');
  },
);

test(
  'after a crash the person looks, and says what became of a command by one word',
  { timeout },
  async () => {
    const command = 'echo once >> log; touch begun; while [ ! -e go ]; do sleep 0.02; done';
    const { folder, work, child, ended } = await houseWithAgent({
      answer: ({ messages }) =>
        messages.some(({ role }) => role === 'assistant')
          ? { text: 'Then it is done.' }
          : { calls: [{ tool: 'exec', input: { command } }] },
    });
    const asking = beginHoldfast(folder, [
      'ask',
      'helper',
      'Log it.',
      '--folder',
      `${work}:rw`,
      '--wait',
      '--data',
      folder,
    ]);
    await until(() => existsSync(join(work, 'begun')));
    child.kill('SIGKILL');
    await ended;
    await asking.ended;
    await startDaemon({ folder });
    let session: AgentSession | undefined;
    while (session?.activity !== 'unsure') [session] = await answerOf<AgentSession[]>(folder, 'sessions');
    expect(session.detail).toContain('exec');
    expect(await holdfast(folder, ['settle', session.id, 'skip'])).toMatchObject({ code: 0 });
    while (session?.activity !== 'idle') [session] = await answerOf<AgentSession[]>(folder, 'sessions');
    expect(readFileSync(join(work, 'log'), 'utf8')).toBe('once\n');
  },
);
