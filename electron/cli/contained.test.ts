import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IPty, spawn } from 'node-pty';
import { expect, onTestFinished, test } from 'vitest';
import type { Viewed } from '../../shared/contract/sessions.ts';
import type { Session } from '../../shared/session.ts';
import {
  answerOf,
  beginHoldfast,
  commandLine,
  environment,
  holdfast,
  type HoldfastOptions,
  startDaemon,
  testFolder,
  until,
} from './testing/launch.ts';

/** A folder that the account of root's sandboxes reaches and writes as well. */
function workFolder(): string {
  const folder = testFolder();
  chmodSync(folder, 0o777);
  return folder;
}

async function shell(data: string, args: readonly string[], options: HoldfastOptions = {}) {
  const running = beginHoldfast(data, ['shell', '--data', data, ...args], options);
  const ended = await running.ended;
  return { ...ended, stdout: running.stdout(), stderr: running.stderr() };
}

test('a command runs contained: its input, its two outputs and its exit code are its own', async () => {
  const { folder: data } = await startDaemon();
  const work = workFolder();
  writeFileSync(join(work, 'file'), 'content\n');
  const piped = await shell(data, ['--', 'sh', '-c', 'cat; echo bad >&2; exit 7'], { input: 'typed' });
  expect(piped).toMatchObject({ code: 7, stdout: 'typed', stderr: 'bad\n' });

  const looked = await shell(data, ['--folder', work, 'sh', '-c', 'pwd; cat file; echo x > new']);
  expect(looked).toMatchObject({ code: 2, stdout: `${work}\ncontent\n` });
  expect(looked.stderr).toContain('Read-only');
  const wrote = await shell(data, ['--folder', `${work}:rw`, '--', 'sh', '-c', 'echo x > new; kill -9 $$']);
  expect(wrote).toMatchObject({ code: 137, stderr: 'terminated by signal: signal 9\n' });
  expect(readFileSync(join(work, 'new'), 'utf8')).toBe('x\n');

  const missing = await shell(data, ['--', 'nonesuch']);
  expect(missing.code).toBe(127);
  expect(missing.stderr).toContain('command not found');
  const own = await shell(data, ['--folder', data, '--', 'ls']);
  expect(own).toMatchObject({ code: 3, stdout: '' });
  expect(own.stderr).toContain('own places');
});

test('for programs each part is a line of JSON, the outcome last', async () => {
  const { folder: data } = await startDaemon();
  const said = await shell(data, ['--json', '--', 'sh', '-c', 'echo out; exit 4']);
  const lines = said.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Viewed);
  expect(lines).toMatchObject([
    { kind: 'attached', terminal: false },
    { kind: 'output', stream: 'stdout', data: Buffer.from('out\n').toString('base64') },
    { kind: 'ended', outcome: { label: 'work_failed', code: 4 } },
  ]);
  expect(said.code).toBe(4);
});

test('an interrupted command is cancelled; one left running is found, watched and stopped', async () => {
  const { folder: data } = await startDaemon();
  const running = beginHoldfast(data, ['shell', '--data', data, '--', 'sh', '-c', 'echo begun; sleep 1000']);
  await until(() => running.stdout().includes('begun'));
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);

  const detached = await shell(data, ['--detach', '--', 'sh', '-c', 'echo working; sleep 1000']);
  const id = detached.stdout.trim();
  expect(id).toMatch(/^ses_/);
  const listed = await answerOf<Session[]>(data, 'sessions');
  expect(listed).toMatchObject([{ id, state: 'running' }]);
  const watching = beginHoldfast(data, ['attach', id.slice(0, -3), '--data', data]);
  await until(() => watching.stdout().includes('working'));
  const stopped = await answerOf<Session>(data, 'stop', id, '--force');
  expect(stopped).toMatchObject({ id, state: 'ended', outcome: { label: 'cancelled' } });
  expect((await watching.ended).code).toBe(130);
  expect((await holdfast(data, ['sessions'])).stdout).toBe('None.\n');
  expect((await holdfast(data, ['sessions', '--all'])).stdout).toContain(id);
});

interface Screen {
  readonly terminal: IPty;
  readonly ended: Promise<number>;
  readonly shown: () => string;
  readonly shows: (text: string) => Promise<void>;
}

/** The command line on a terminal, as a person has it. */
function onTerminal(data: string, args: readonly string[]): Screen {
  return screenOf(data, process.execPath, [commandLine, ...args]);
}

function screenOf(data: string, program: string, args: string[]): Screen {
  const variables = environment(data, { TERM: 'xterm-256color', SHELL: '/bin/sh' });
  const terminal = spawn(program, args, { cols: 101, rows: 33, env: variables });
  let shown = '';
  let over = false;
  terminal.onData((text) => (shown += text));
  const ended = new Promise<number>((resolve) =>
    terminal.onExit(({ exitCode }) => {
      over = true;
      resolve(exitCode);
    }),
  );
  onTestFinished(async () => {
    if (!over) terminal.kill('SIGKILL');
    await ended;
  });
  const shows = async (text: string) => {
    await until(() => over || shown.includes(text));
    expect(shown).toContain(text);
  };
  return { terminal, ended, shown: () => shown, shows };
}

/** What a terminal answers when the command line asks it for the last time; null: it has not asked yet. */
function asked(shown: string): string | null {
  // oxlint-disable-next-line no-control-regex
  const questions = /\u001B7((?:\u001B\[\d+;\d+H\u001B\[6n)+)\u001B8/.exec(shown)?.[1];
  return questions?.replaceAll('\u001B[6n', '').replaceAll('H', 'R') ?? null;
}

test('a terminal has its size, its type and its keys, and gives the person’s back as it was', async () => {
  const { folder: data } = await startDaemon();
  const bare = ['--env', 'PS1=ready>', '--', 'sh'];
  const { terminal, ended, shown, shows } = onTerminal(data, ['shell', '--data', data, ...bare]);
  await shows('ready>');
  terminal.write('stty size; echo type=$TERM\r');
  await shows('33 101');
  await shows('type=xterm-256color');
  terminal.resize(77, 22);
  terminal.write('while [ "$(stty size)" != "22 77" ]; do :; done; echo resi""zed\r');
  await shows('resized');
  terminal.write('echo wait""ing; sleep 1000\r');
  await shows('waiting');
  terminal.write('\u0003');
  terminal.write('echo interr""upted\r');
  await shows('interrupted');
  terminal.write('exit 9\r');
  await until(() => asked(shown()) !== null);
  // What a terminal answers to a program that has ended is typed into nothing.
  terminal.write(`an answer too late\u001B[0n\u001B[1;1R${asked(shown())}`);
  expect(await ended).toBe(9);
  expect(shown()).toContain('\u001B[?25h');
});

test('leaving a terminal lets it run, and one comes back to what it showed', async () => {
  const { folder: data } = await startDaemon();
  const first = onTerminal(data, ['shell', '--data', data, '--env', 'PS1=$ ', '--', 'sh']);
  await first.shows('$ ');
  first.terminal.write('echo so""far\r');
  await first.shows('sofar');
  first.terminal.write('\u001C\u001C');
  await until(() => asked(first.shown()) !== null);
  first.terminal.write(asked(first.shown())!);
  expect(await first.ended).toBe(0);
  const [session] = await answerOf<Session[]>(data, 'sessions');
  expect(session).toMatchObject({ state: 'running', viewers: 0, terminal: true });
  // Without keys to give back the terminal is not taken, and nothing of the program moves it.
  const watching = [process.execPath, commandLine, 'attach', session!.id, '--data', data];
  const script = 'exec "$@" </dev/null';
  const onlooker = screenOf(data, '/bin/sh', ['-c', script, 'sh', ...watching]);
  await onlooker.shows('sofar');
  const again = onTerminal(data, ['attach', session!.id, '--input', '--data', data]);
  await again.shows('sofar');
  again.terminal.write("printf '\\033]0;mine\\007'; exit 5\r");
  await until(() => asked(again.shown()) !== null);
  again.terminal.write(asked(again.shown())!);
  expect(await again.ended).toBe(5);
  expect(await onlooker.ended).toBe(5);
  expect(again.shown()).toContain('\u001B]0;mine');
  expect(onlooker.shown()).toContain('\uFFFD]0;mine');
  expect(onlooker.shown()).not.toContain('\u001B');
});

test('without bubblewrap nothing runs bare: it is refused, and the mend is said', async () => {
  const bare = testFolder();
  mkdirSync(join(bare, 'empty'));
  const { folder: data } = await startDaemon({ variables: { PATH: join(bare, 'empty') } });
  const refused = await shell(data, ['--', 'true']);
  expect(refused.code).toBe(6);
  expect(refused.stderr).toContain('apt install bubblewrap');
  const found = (await holdfast(data, ['doctor'])).stdout;
  expect(found).toMatch(/Namespace sandboxes\nbubblewrap +missing/);
});
