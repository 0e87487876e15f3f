import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../../../shared/problem.ts';
import { countOf, ran, shell, until } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

export function lifeTests(subject: Subject): void {
  describe('life', () => {
    limitTests(subject);
    if (subject.can.memory) memoryIsKept(subject);
    else memoryIsRefused(subject);
    secretTests(subject);
    endTests(subject);
  });
}

function limitTests({ house }: Subject): void {
  test('a fork bomb meets its limit, and the sandbox lives on', async () => {
    const sandbox = await house().start({ limits: { processes: 40 } });
    const { out } = await shell(
      sandbox,
      'i=0; while [ $i -lt 200 ]; do sleep 98764 & i=$((i+1)); done 2>/dev/null; echo done',
      { timeoutMs: 20_000 },
    );
    expect(out).not.toBe('done\n200');
    await until(async () => (await shell(sandbox, 'echo lives')).out === 'lives\n');
  });

  test('the temporary space ends where it was said', async () => {
    const sandbox = await house().start({ limits: { scratchBytes: 8 << 20 } });
    const { out } = await shell(
      sandbox,
      'for d in /tmp $HOME /run /dev/shm; do dd if=/dev/zero of=$d/x bs=65536 count=400 2>/dev/null; done; cat /tmp/x $HOME/x /run/x /dev/shm/x 2>/dev/null | wc -c',
    );
    expect(Number(out)).toBeGreaterThan(0);
    expect(Number(out)).toBeLessThanOrEqual(400 * 65_536);
  });

  test('a session ends when its time is over', async () => {
    const sandbox = await house().start({ limits: { seconds: 1 } });
    const command = await sandbox.exec({ argv: ['sleep', '98765'] });
    const end = await sandbox.ended;
    expect(JSON.stringify(end)).toMatch(/"ended".*time/);
    expect(await command.ended).toMatchObject({ how: 'lost' });
  });
}

const total = { limits: { memoryBytes: 64 << 20 } };

function memoryIsKept({ house }: Subject): void {
  test('a limit of memory is kept', async () => {
    const sandbox = await house().start(total);
    const bomb = ['perl', '-e', '$x = "x" x 200_000_000'];
    const reason = 'the session went over its limit of memory';
    expect((await ran(sandbox, bomb)).end).toEqual({ how: 'signalled', signal: 9, reason });
    const within = ["perl -e '$x = q(x) x 200_000_000'; exit 7", 'kill -9 $$', 'exit 3'];
    const ends = [];
    for (const script of within) ends.push((await shell(sandbox, script)).end);
    expect(ends).toEqual([
      { how: 'exited', code: 7, reason },
      // What had other causes is told as it is.
      { how: 'signalled', signal: 9 },
      { how: 'exited', code: 3 },
    ]);
  });
}

function memoryIsRefused({ house }: Subject): void {
  test('a limit of memory that cannot be kept is refused, with the mend', async () => {
    const thrown = await house()
      .start(total)
      .catch((failure: unknown) => Problem.of(failure));
    expect(thrown).toMatchObject({ name: 'Problem', code: 'unavailable' });
    expect((thrown as Problem).mend).toBeTruthy();
  });
}

function secretTests({ house }: Subject): void {
  test('a secret is a file that the account alone can read, and in no environment', async () => {
    const secrets = { token: Buffer.from('s3cr3t-v4lue'), binary: Buffer.from([0, 255, 10, 0]) };
    const sandbox = await house().start({ secrets });
    const { out } = await shell(
      sandbox,
      'cat /run/secrets/token; echo; od -An -tx1 /run/secrets/binary; stat -c %a /run/secrets/token; env | grep -c s3cr3t',
    );
    expect(out.split('\n').map((line) => line.trim())).toEqual([
      's3cr3t-v4lue',
      '00 ff 0a 00',
      '400',
      '0',
      '',
    ]);
  });
}

function endTests({ house }: Subject): void {
  test('stopping asks first', async () => {
    const folder = await house().newFolder();
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'rw' }] });
    const command = await sandbox.exec({
      argv: [
        '/bin/sh',
        '-c',
        `trap 'echo asked >${folder}/asked; exit 5' TERM; echo ready; while :; do sleep 0.05; done`,
      ],
    });
    for await (const _ of command.output) break;
    await sandbox.stop(20_000);
    expect(await command.ended).toEqual({ how: 'exited', code: 5 });
    expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('asked\n');
    expect(await sandbox.ended).toEqual({ how: 'stopped' });
    await expect(sandbox.exec({ argv: ['true'] })).rejects.toMatchObject({ name: 'Problem' });
  });

  test('what does not listen is killed after the grace', async () => {
    const sandbox = await house().start();
    const command = await sandbox.exec({
      argv: ['/bin/sh', '-c', 'trap "" TERM INT HUP; echo ready; while :; do sleep 0.05; done'],
    });
    for await (const _ of command.output) break;
    await sandbox.stop(100);
    expect(['cancelled', 'lost', 'signalled']).toContain((await command.ended).how);
    expect(await sandbox.ended).toEqual({ how: 'stopped' });
  });

  test('two at once see nothing of each other', async () => {
    const [one, other] = await Promise.all([house().start(), house().start()]);
    const command = await one.exec({ argv: ['/bin/sh', '-c', 'echo mine >/tmp/mine; sleep 98766'] });
    await until(async () => (await countOf(one, '98766')) === 1);
    expect((await shell(other, 'ls -A /tmp')).out).toBe('');
    expect(await countOf(other, '98766')).toBe(0);
    command.cancel();
    await command.ended;
  });

  test('tearing down removes what it used, may be done twice, and a prepared one may not be started at all', async () => {
    const plan = await house().plan();
    const prepared = await house().executor.prepare(plan, new AbortController().signal);
    await prepared.teardown();
    await expect(stat(plan.scratch)).rejects.toThrow(/ENOENT/);
    const next = await house().plan();
    const sandbox = await (await house().executor.prepare(next, new AbortController().signal)).start();
    const command = await sandbox.exec({ argv: ['sleep', '98767'] });
    await sandbox.teardown();
    await sandbox.teardown();
    expect(['lost', 'cancelled']).toContain((await command.ended).how);
    await expect(stat(next.scratch)).rejects.toThrow(/ENOENT/);
  });

  test('nothing is made once it was cancelled', async () => {
    const plan = await house().plan();
    await expect(house().executor.prepare(plan, AbortSignal.abort())).rejects.toThrow(/cancel|abort/i);
    await expect(stat(plan.scratch)).rejects.toThrow(/ENOENT/);
  });
}
