import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { openTestRecord, testFolder } from './testing/open-test-record.ts';
import { verified } from './testing/verified.ts';

const program = (name: string) => new URL(`testing/${name}`, import.meta.url).pathname;

/** Starts a writer, waits until it has acknowledged `enough` events, kills it at once, tells what it had acknowledged. */
async function killedAfter(folder: string, enough: number): Promise<Map<number, string>> {
  const child = spawn(process.execPath, [program('write-until-killed.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = new Map<number, string>();
  const gone = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, seq, text] = /^(\d+) (event \d+)$/.exec(line) ?? [];
    if (seq && text) acknowledged.set(Number(seq), text);
    if (acknowledged.size === enough) child.kill('SIGKILL');
  }
  await gone;
  return acknowledged;
}

test('killed at random moments under load: nothing acknowledged is lost, the record verifies, derived rows equal a rebuild', async () => {
  const folder = testFolder();
  let random = 17;
  for (let round = 0; round < count(4, 200); round++) {
    random = (random * 1103515245 + 12345) % 2 ** 31;
    const acknowledged = await killedAfter(folder, 1 + (random % 400));
    const { record } = await openTestRecord(folder);
    const events = new Map<number, unknown>();
    const first = Math.min(...acknowledged.keys());
    for (let after: number | null = first - 1; after !== null;) {
      const page = await record.query({ filter: { kinds: ['record.noted'] }, after, limit: 500 });
      for (const event of page.events) events.set(event.seq, event.data);
      after = page.next;
    }
    for (const [seq, text] of acknowledged) expect(events.get(seq)).toEqual({ text });
    expect(await verified(record)).toMatchObject({ ok: true, findings: [] });
    expect((await record.rebuild({ kind: 'system' })).differences).toBe(0);
    await record.close();
  }
});

const namespaces = spawnSync('unshare', ['-rm', 'true']).status === 0;

/** Runs a program where the folder is a disk of its own, of so many megabytes, and reads what it tells. */
function onSmallDisk(megabytes: number, name: string): Record<string, unknown> {
  const folder = testFolder();
  chmodSync(folder, 0o700);
  const script = `mount -t tmpfs -o size=${megabytes}m,mode=700 tmpfs "$1" && exec "$2" "$3" "$1"`;
  const args = ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath, program(name)];
  const child = spawnSync('unshare', args, { encoding: 'utf8' });
  expect(child.stderr.replaceAll(/^.*Warning.*$/gm, '').trim()).toBe('');
  return JSON.parse(child.stdout) as Record<string, unknown>;
}

test.skipIf(!namespaces)(
  'after a kill it opens on a full disk too, and finds everything by its words once there is room',
  () => {
    const told = onSmallDisk(16, 'start-on-a-full-disk.ts');
    const all = told['all'] as number[];
    expect(all.length).toBeGreaterThanOrEqual(300);
    expect(told['byWords']).toEqual(all);
    expect((told['whileFull'] as number[]).length).toBeLessThan(all.length);
    expect(told).toMatchObject({ refused: 'storage_full', differences: 0 });
  },
);

test.skipIf(!namespaces)(
  'a full disk refuses clearly, says so, and takes events again when there is room',
  () => {
    const told = onSmallDisk(9, 'fill-the-disk.ts') as Record<string, unknown> & {
      acknowledged: number[];
      refusals: { code: string }[];
    };
    expect(told.refusals.length).toBeGreaterThanOrEqual(2);
    expect(told.refusals[0]).toMatchObject({
      code: 'storage_full',
      mend: expect.stringContaining('Free some space') as string,
    });
    expect(told['whileFull']).toBe('full');
    expect(told['secret']).toBe('storage_failed');
    expect(told['told']).toMatchObject([{ refused: expect.any(Number) as number }]);
    expect(told.acknowledged.at(-1)).toBe(told.acknowledged.at(-2)! + 2);
  },
);
