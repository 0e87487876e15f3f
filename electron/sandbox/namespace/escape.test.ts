import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../../shared/problem.ts';
import { count } from '../../base/test-counts.ts';
import { type EscapePlace, makeEscapePlace, secretText } from '../testing/escapes/place.ts';
import { type Escaped, sandboxWith } from '../testing/escapes/try-all.ts';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { ran, type SandboxHouse, shell } from '../testing/sandbox-house.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const program = join(import.meta.dirname, '../testing/escapes/try-in-namespaces.ts');

let house: SandboxHouse;
let place: EscapePlace;
beforeAll(async () => {
  house = await openNamespaceHouse();
  place = await makeEscapePlace(house);
});
afterEach(() => house.clear());
afterAll(async () => {
  await place.close();
  await house.close();
});

async function tryAs(account: { uid?: number; gid?: number }) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
  const { stdout } = await run(process.execPath, [program], { env, timeout: 120_000, ...account });
  return JSON.parse(stdout) as { tried: number; escaped: Escaped[] };
}

test('nothing gets out of a sandbox', { timeout: 120_000 }, async () => {
  const { tried, escaped } = await tryAs({});
  expect(escaped).toEqual([]);
  expect(tried).toBeGreaterThan(70);
});

test.runIf(isRoot)(
  'nothing gets out of an ordinary user’s sandbox either',
  { timeout: 120_000 },
  async ({ skip }) => {
    const ordinary = { uid: 1001, gid: 1001 };
    const reached = run('test', ['-r', program, '-a', '-x', process.execPath], ordinary);
    const cannot = await reached.then(
      () => false,
      () => true,
    );
    skip(cannot, 'an ordinary user cannot reach the folder of this program');
    const { tried, escaped } = await tryAs(ordinary);
    expect(escaped).toEqual([]);
    expect(tried).toBeGreaterThan(70);
  },
);

test('outside a sandbox the same attempts succeed', async () => {
  const attempt = async (...argv: string[]) => (await run(place.probe, argv)).stdout;
  expect(await attempt('read', `${place.read}/planted`)).toBe(`read ${secretText.length}\n`);
  expect(await attempt('tcp', '127.0.0.1', String(place.port))).toContain(secretText);
  expect(await attempt('unix', place.abstract)).toContain(secretText);
  expect(await attempt('unix', place.listener)).toContain(secretText);
  expect(await attempt('memory', 'self')).not.toMatch(/^errno \d+, errno/);
});

test('while a program swaps a folder for a link, the file tools read and write nothing outside', async () => {
  const sandbox = await sandboxWith(house, place, 'nothing');
  const folder = join(place.write, 'swapped');
  await mkdir(folder);
  await writeFile(join(folder, 'secret'), 'inside');
  const made = await shell(sandbox, `ln -s "${place.secret}/.." "${place.write}/to-outside"`);
  expect(made.end).toEqual({ how: 'exited', code: 0 });
  const swapping = spawn(place.probe, ['swap', folder, join(place.write, 'to-outside'), '0'], {
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    const gone = once(swapping, 'exit');
    swapping.kill('SIGKILL');
    await gone;
  });
  await once(swapping, 'spawn');
  const seen = { read: 0, refused: 0 };
  // Until both were met, so that it was a race.
  for (let i = 0; i < count(3000, 300_000) || Math.min(seen.read, seen.refused) < 20; i++) {
    try {
      const { bytes } = await sandbox.files.read(join(folder, 'secret'));
      expect(bytes.toString()).toBe('inside');
      seen.read++;
    } catch (thrown) {
      expect(Problem.of(thrown).code).not.toBe('internal');
      seen.refused++;
    }
  }
});

test('a fork bomb meets its limit, which counts this sandbox alone', async () => {
  const sandbox = await house.start({
    folders: [{ path: place.read, mode: 'ro' }],
    limits: { processes: 50 },
  });
  const other = await house.start({ limits: { processes: 50 } });
  const bomb = await sandbox.exec({ argv: [place.probe, 'fork-bomb'] });
  let said = '';
  for await (const { bytes } of bomb.output) said += Buffer.from(bytes).toString();
  const [, made] = /^made (\d+), errno 11\n$/.exec(said) ?? [];
  expect(Number(made)).toBeGreaterThan(20);
  expect(Number(made)).toBeLessThan(60);
  expect(await bomb.ended).toEqual({ how: 'exited', code: 0 });
  expect((await ran(other, ['true'])).end).toEqual({ how: 'exited', code: 0 });
  expect((await ran(sandbox, ['true'])).end).toEqual({ how: 'exited', code: 0 });
});

test('a disk bomb meets the end of the temporary space, on every part of it', async () => {
  const total = 16 << 20;
  const sandbox = await house.start({
    folders: [{ path: place.read, mode: 'ro' }],
    limits: { scratchBytes: total },
  });
  let written = 0;
  for (const folder of ['/tmp', '/home/sandbox', '/dev/shm']) {
    const { out } = await ran(sandbox, [place.probe, 'disk-bomb', folder]);
    const [, bytes] = /^wrote (\d+), errno (28|122)\n$/.exec(out) ?? [];
    expect(Number(bytes), out).toBeGreaterThan(0);
    written += Number(bytes);
  }
  expect(written).toBeLessThanOrEqual(total);
  for (const folder of ['/dev', '/', '/etc', '/run', '/proc']) {
    const { out } = await ran(sandbox, [place.probe, 'disk-bomb', folder]);
    expect(out, folder).toMatch(/^wrote 0, errno \d+\n$/);
  }
});
