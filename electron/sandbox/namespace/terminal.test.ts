import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';

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
