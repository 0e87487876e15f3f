import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';
import { loadPseudoTerminals } from './pseudo-terminal.ts';
import { TerminalEnd } from './terminal.ts';

let house: SandboxHouse;
afterEach(() => house.close());

const size = { columns: 80, rows: 25 };

async function said(output: AsyncIterable<Uint8Array>): Promise<string> {
  let all = '';
  for await (const bytes of output) all += Buffer.from(bytes).toString();
  return all;
}

test('without node-pty’s compiled part there are pipes, and it is said why', async () => {
  house = await openNamespaceHouse({ terminals: () => ({ why: 'It is missing. Do this.' }) });
  const sandbox = await house.start({ terminal: size });
  const terminal = await sandbox.terminal({
    argv: ['/bin/sh', '-c', 'test -t 0 || echo pipes; cat'],
  });
  expect(terminal).toMatchObject({ isTerminal: false, why: 'It is missing. Do this.' });
  terminal.resize(size);
  await terminal.write(Buffer.from('typed\n'));
  let all = '';
  for await (const bytes of terminal.output) {
    all += Buffer.from(bytes).toString();
    if (all === 'pipes\ntyped\n') terminal.cancel();
  }
  expect(all).toBe('pipes\ntyped\n');
  expect(await terminal.ended).toEqual({ how: 'cancelled' });
});

test('a terminal shows all that was written before its end, however much at once', async () => {
  house = await openNamespaceHouse();
  const sandbox = await house.start({ terminal: size });
  const terminal = await sandbox.terminal({ argv: ['/bin/sh', '-c', 'seq 1 100000; printf last'] });
  const all = await said(terminal.output);
  expect(all.startsWith('1\r\n2\r\n')).toBe(true);
  expect(all.endsWith('99999\r\n100000\r\nlast')).toBe(true);
});

test('what is typed into a program that does not read waits, and is not lost', async () => {
  house = await openNamespaceHouse();
  const folder = await house.newFolder();
  const sandbox = await house.start({ folders: [{ path: folder, mode: 'rw' }], terminal: size });
  const script = 'stty raw -echo; echo ready; while [ ! -e go ]; do sleep 0.05; done; head -c 500000 | wc -c';
  const terminal = await sandbox.terminal({ argv: ['/bin/sh', '-c', script] });
  let all = '';
  let typed: Promise<string> | undefined;
  for await (const bytes of terminal.output) {
    all += Buffer.from(bytes).toString();
    if (all !== 'ready\n') continue;
    typed = terminal.write(Buffer.alloc(500_000, 'x')).then(() => 'taken');
    // Another command runs meanwhile, which is over first.
    expect(await Promise.race([typed, shell(sandbox, 'echo beside').then(({ out }) => out)])).toBe(
      'beside\n',
    );
    await writeFile(join(folder, 'go'), '');
  }
  expect(all.trim()).toBe('ready\n500000');
  expect(await typed).toBe('taken');
});

test('when the sandbox is torn down, its terminal ends', async () => {
  house = await openNamespaceHouse();
  const sandbox = await house.start({ terminal: size });
  const terminal = await sandbox.terminal({ argv: ['sleep', '600'] });
  const output = said(terminal.output);
  await sandbox.teardown();
  expect(await output).toBe('');
  expect((await terminal.ended).how).toBe('lost');
  await terminal.write(Buffer.from('nobody reads this'));
});

test('bytes typed are given to the program as they are', async () => {
  house = await openNamespaceHouse();
  const sandbox = await house.start({ terminal: size });
  const terminal = await sandbox.terminal({
    argv: ['/bin/sh', '-c', 'stty raw -echo; echo ready; head -c 256 | od -An -v -tu1 | tr -s " \\n" " "'],
  });
  const all = Buffer.from(Array.from({ length: 256 }, (_, each) => each));
  let shown = '';
  for await (const bytes of terminal.output) {
    shown += Buffer.from(bytes).toString();
    // Before the terminal is raw it would take some of them for itself.
    if (shown === 'ready\n') await terminal.write(all);
  }
  expect(shown.replace('ready\n', '').trim()).toBe([...all].join(' '));
});

test('what is typed as a terminal ends is never written to what is opened next', async () => {
  house = await openNamespaceHouse();
  const terminals = loadPseudoTerminals();
  if (!('open' in terminals)) throw new Error(terminals.why);
  const pty = terminals.open(size);
  closeSync(pty.slave);
  const end = new TerminalEnd(pty, systemClock);
  const forever = new Promise<never>(() => undefined);
  const terminal = end.running({ ended: forever, signal: () => {}, cancel: () => {} } as never);
  // Every thread that could write waits meanwhile.
  const pipes = [0, 1, 2, 3].map((each) => join(house.folder, `pipe${each}`));
  execFileSync('mkfifo', pipes);
  const busy = pipes.map((pipe) => open(pipe, 'r'));
  const typed = terminal.write(Buffer.from('password\n'));
  await Promise.resolve();
  end.close();
  const files: string[] = [];
  const opened: number[] = [];
  while (!opened.includes(pty.master) && opened.length < 100) {
    files.push(join(house.folder, `file${files.length}`));
    opened.push(openSync(files.at(-1)!, 'w'));
  }
  const others = pipes.map((pipe) => openSync(pipe, constants.O_RDWR));
  for (const handle of await Promise.all(busy)) await handle.close();
  await typed;
  for (const fd of [...others, ...opened]) closeSync(fd);
  expect(files.map((file) => readFileSync(file, 'utf8')).join('')).toBe('');
});
