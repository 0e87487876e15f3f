import { closeSync, openSync, readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';
import { loadStarter, type Starter } from './starter.ts';

let house: SandboxHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

const starter = loadStarter() as Starter;
const opened = () => readdirSync('/proc/self/fd').length;

/** What a program says that has nothing, its output and these descriptors, and how it ended. */
async function said(script: string, more: readonly number[] = []) {
  const nothing = starter.filled(new Uint8Array());
  const [ours, theirs] = starter.pair();
  const descriptors = [nothing, theirs, nothing, ...more];
  const { ended } = starter.start('/bin/sh', ['a name', '-c', script], descriptors);
  closeSync(theirs);
  closeSync(nothing);
  const output = await text(new Socket({ fd: ours, readable: true, writable: false }));
  return { output, end: await ended };
}

test('a program is begun in / with its name, no variables, and no descriptor but those it was given', async () => {
  const given = starter.filled(Buffer.from('what it is given'));
  const inherited = openSync('/proc/self/status', 'r');
  // Where the shell looks for names, it reads the folder by the first free one.
  const script = 'cat <&3; echo; pwd; env; tr "\\0" " " </proc/$$/cmdline; echo; cd /proc/$$/fd; echo *';
  const { output, end } = await said(script, [given, -1, given]);
  for (const fd of [given, inherited]) closeSync(fd);
  // What shells add of their own.
  const lines = output.trim().split('\n');
  expect(lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line))).toEqual([
    'what it is given',
    '/',
    expect.stringMatching(/^a name -c /),
    '0 1 2 3 4 5',
  ]);
  expect(end).toEqual({ code: 0, signal: null });
});

test('descriptors stand at their places, whatever numbers they have here', async () => {
  const files = Array.from({ length: 40 }, (_, each) => starter.filled(Buffer.from(`${each}.`)));
  const before = opened();
  // The other way round, so that many of their numbers here are places of others there.
  const script = `for at in $(seq 3 42); do cat /proc/self/fd/$at; done`;
  const { output } = await said(script, files.toReversed());
  expect(output).toBe(Array.from({ length: 40 }, (_, each) => `${39 - each}.`).join(''));
  await expect.poll(opened).toBe(before);
  for (const file of files) closeSync(file);
});

test('each end is told once, with its code or signal, and nobody listens for more', async () => {
  const scripts = ['exit 0', 'exit 7', 'kill -9 $$', 'kill -15 $$', 'exit 3'];
  const ends = scripts.map((script) => starter.start('/bin/sh', ['sh', '-c', script], []).ended);
  expect(await Promise.all(ends)).toEqual([
    { code: 0, signal: null },
    { code: 7, signal: null },
    { code: null, signal: 'SIGKILL' },
    { code: null, signal: 'SIGTERM' },
    { code: 3, signal: null },
  ]);
  expect(process.listenerCount('SIGCHLD')).toBe(0);
});

test('what cannot be begun is refused, and leaves nothing open', () => {
  const before = opened();
  expect(() => starter.start('/no/such/program', ['none'], [0, 1, 2])).toThrow(/\/no\/such\/program, ENOENT/);
  expect(() => starter.start('/bin/true', ['with a \0 in it'], [])).toThrow(/does not understand/);
  expect(() => starter.start('/bin/true', ['true'], [1_000_000])).toThrow(/EBADF/);
  expect(opened()).toBe(before);
});

test('without it, Node begins what is contained', async () => {
  house = await openNamespaceHouse({ starter: () => null });
  const folder = await house.newFolder();
  const sandbox = await house.start({
    folders: [{ path: folder, mode: 'rw' }],
    terminal: { columns: 80, rows: 25 },
    secrets: { token: Buffer.from('a secret') },
  });
  expect(
    (await shell(sandbox, `cat /run/secrets/token; echo x >${folder}/file && cat ${folder}/file`)).out,
  ).toBe('a secretx\n');
  await sandbox.teardown();
  expect((await sandbox.ended).how).toBe('stopped');
});
