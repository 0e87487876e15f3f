import { createHash, randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunningCommand } from '../../sandbox.ts';
import { countOf, ran, shell, until } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export function commandTests(subject: Subject): void {
  describe('commands', () => {
    endTests(subject);
    treeTests(subject);
    streamTests(subject);
    surroundingTests(subject);
  });
}

function askOnce(said: readonly string[], command: RunningCommand): void {
  if (said.length === 1) command.signal('SIGTERM');
}

function endTests({ house }: Subject): void {
  test('an exit code is told as it is, also where it looks like a signal', async () => {
    const sandbox = await house().plain();
    expect((await shell(sandbox, 'exit 0')).end).toEqual({ how: 'exited', code: 0 });
    expect((await shell(sandbox, 'exit 7')).end).toEqual({ how: 'exited', code: 7 });
    expect((await shell(sandbox, 'exit 137')).end).toEqual({ how: 'exited', code: 137 });
    expect((await shell(sandbox, 'kill -KILL $$')).end).toEqual({ how: 'signalled', signal: 9 });
    expect((await shell(sandbox, 'kill -TERM $$')).end).toEqual({ how: 'signalled', signal: 15 });
  });

  test('a program that is not there is told from one that cannot be run', async () => {
    const folder = await house().newFolder();
    const plain = join(folder, 'plain.txt');
    await writeFile(plain, 'words\n', { mode: 0o644 });
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'ro' }] });
    const missing = await ran(sandbox, ['/usr/bin/no-such-program']);
    expect(missing.end).toMatchObject({ how: 'not_started', code: 127 });
    expect((await ran(sandbox, ['no-such-program'])).end).toMatchObject({ how: 'not_started', code: 127 });
    expect((await ran(sandbox, [plain])).end).toMatchObject({ how: 'not_started', code: 126 });
    expect((await ran(sandbox, ['true'])).end).toEqual({ how: 'exited', code: 0 });
  });

  test('a signal that is sent arrives', async () => {
    const sandbox = await house().plain();
    const command = await sandbox.exec({
      argv: ['/bin/sh', '-c', 'trap "echo heard; exit 3" TERM; echo ready; while :; do sleep 0.05; done'],
    });
    const said: string[] = [];
    for await (const { stream, bytes } of command.output) {
      said.push(`${stream} ${Buffer.from(bytes).toString()}`);
      askOnce(said, command);
    }
    expect(said.filter((each) => each.startsWith('stdout'))).toEqual(['stdout ready\n', 'stdout heard\n']);
    expect(await command.ended).toEqual({ how: 'exited', code: 3 });
  });
}

function treeTests({ house }: Subject): void {
  const daemons =
    'setsid sleep 98761 & (setsid sh -c "sleep 98761 & sleep 98761 & wait" &) ; sh -c "sleep 98761 & exit"';

  test('when a command ends, whatever it left behind ends too', async () => {
    const sandbox = await house().plain();
    expect((await shell(sandbox, `(${daemons}) >/dev/null 2>&1 </dev/null; exit 4`)).end).toEqual({
      how: 'exited',
      code: 4,
    });
    expect(await countOf(sandbox, '98761')).toBe(0);
  });

  test('cancelling ends the whole tree, also what became a daemon', async () => {
    const sandbox = await house().plain();
    const command = await sandbox.exec({ argv: ['/bin/sh', '-c', `${daemons}; wait; sleep 98761`] });
    await until(async () => (await countOf(sandbox, '98761')) >= 4);
    command.cancel();
    expect(await command.ended).toEqual({ how: 'cancelled' });
    expect(await countOf(sandbox, '98761')).toBe(0);
  });

  test('a command that takes too long is killed with everything it started', async () => {
    const sandbox = await house().plain();
    const { end } = await shell(sandbox, `${daemons}; trap "" TERM INT HUP; sleep 98761`, { timeoutMs: 300 });
    expect(end).toEqual({ how: 'timed_out' });
    expect(await countOf(sandbox, '98761')).toBe(0);
  });

  test('no zombie stays', async () => {
    const sandbox = await house().plain();
    await shell(sandbox, 'for i in 1 2 3 4 5 6 7 8; do (true &) ; done');
    const { out } = await shell(sandbox, 'cat /proc/[0-9]*/stat | grep -c ") Z "');
    expect(out.trim()).toBe('0');
  });
}

function streamTests({ house }: Subject): void {
  test('the two streams are kept apart, and every byte comes', async () => {
    const sandbox = await house().plain();
    const { out, err } = await shell(sandbox, 'echo out; echo err >&2; echo out');
    expect({ out, err }).toEqual({ out: 'out\nout\n', err: 'err\n' });
  });

  test('what goes in comes out again, whatever it holds and however much it is', async () => {
    const sandbox = await house().plain();
    const bytes = randomBytes(3_000_000);
    const command = await sandbox.exec({ argv: ['cat'] });
    const writing = (async () => {
      for (let at = 0; at < bytes.length; at += 300_000)
        await command.write(bytes.subarray(at, at + 300_000));
      command.endInput();
    })();
    const taken: Uint8Array[] = [];
    for await (const chunk of command.output) taken.push(chunk.bytes);
    await writing;
    expect(digest(Buffer.concat(taken))).toBe(digest(bytes));
    expect(await command.ended).toEqual({ how: 'exited', code: 0 });
  });

  test('a program that floods waits while nobody takes its output, and disturbs no other', async () => {
    const sandbox = await house().plain();
    const flood = await sandbox.exec({ argv: ['/bin/sh', '-c', 'exec yes 0123456789abcdef'] });
    for (let each = 0; each < 5; each++) {
      expect((await shell(sandbox, 'echo still here')).out).toBe('still here\n');
    }
    flood.cancel();
    let bytes = 0;
    for await (const chunk of flood.output) bytes += chunk.bytes.length;
    expect(await flood.ended).toEqual({ how: 'cancelled' });
    expect(bytes).toBeLessThan(4 << 20);
  });

  test('whoever writes to a program that does not read waits, until it ends', async () => {
    const sandbox = await house().plain();
    const command = await sandbox.exec({ argv: ['sleep', '98762'] });
    let settled = false;
    const writing = command.write(new Uint8Array(8 << 20)).then(
      () => (settled = true),
      () => (settled = true),
    );
    expect((await shell(sandbox, 'echo meanwhile')).out).toBe('meanwhile\n');
    expect(settled).toBe(false);
    command.cancel();
    await command.ended;
    await writing;
  });
}

function surroundingTests({ house }: Subject): void {
  test('the environment is what was given, and nothing of this process', async () => {
    process.env['HOLDFAST_CONFORMANCE'] = 'must-not-be-seen';
    const sandbox = await house().start({ environment: { PLANNED: 'by the plan' } });
    const { out } = await ran(sandbox, ['env'], { environment: { OWN: 'of the command', LANG: 'C' } });
    delete process.env['HOLDFAST_CONFORMANCE'];
    const lines = out.trim().split('\n');
    expect(lines).toContain('PLANNED=by the plan');
    expect(lines).toContain('OWN=of the command');
    expect(lines).toContain('LANG=C');
    expect(out).not.toContain('must-not-be-seen');
    const names = lines.map((line) => line.slice(0, line.indexOf('=')));
    const usual = [
      'HOLDFAST',
      'HOME',
      'LANG',
      'LOGNAME',
      'OWN',
      'PATH',
      'PLANNED',
      'SHELL',
      'TMPDIR',
      'USER',
    ];
    expect(names.toSorted()).toEqual(usual);
  });

  test('it begins in the first folder, in its home, or where it is told to', async () => {
    const folder = await house().newFolder();
    const within = await house().start({ folders: [{ path: folder, mode: 'ro' }] });
    expect((await ran(within, ['pwd'])).out).toBe(`${folder}\n`);
    expect((await ran(within, ['pwd'], { cwd: '/usr' })).out).toBe('/usr\n');
    const without = await house().plain();
    expect((await shell(without, 'test "$PWD" = "$HOME" && test -w . && echo home')).out).toBe('home\n');
  });

  test('it runs as nobody in particular, without capabilities, with a filter on system calls', async () => {
    const sandbox = await house().plain();
    const { out } = await shell(
      sandbox,
      'test "$(id -u)" != 0 && echo no root; grep -E "^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status',
    );
    expect(out.replaceAll('\t', ' ')).toBe(
      [
        'no root',
        'CapPrm: 0000000000000000',
        'CapEff: 0000000000000000',
        'CapBnd: 0000000000000000',
        'NoNewPrivs: 1',
        'Seccomp: 2',
        '',
      ].join('\n'),
    );
  });

  test('a script made inside can be run there', async () => {
    const folder = await house().newFolder();
    const script = join(folder, 'script');
    await writeFile(script, '#!/bin/sh\necho ran "$1"\n');
    await chmod(script, 0o755);
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'ro' }] });
    expect((await ran(sandbox, [script, 'well'])).out).toBe('ran well\n');
    const made = await shell(sandbox, 'cd /tmp && printf "#!/bin/sh\\necho too\\n" >s && chmod +x s && ./s');
    expect(made.out).toBe('too\n');
  });
}
