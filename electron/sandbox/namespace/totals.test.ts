import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type EscapePlace, makeEscapePlace } from '../testing/escapes/place.ts';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { ran, type SandboxHouse, shell } from '../testing/sandbox-house.ts';

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

const megabytes = (number: number) => number * (1 << 20);
const holds = (layers: readonly { id: string; holds: string }[], id: string) =>
  layers.find((layer) => layer.id === id)?.holds;

test('a memory total that a person lets a watchdog keep ends the session that passes it', async () => {
  const sandbox = await house.start({
    folders: [{ path: place.read, mode: 'ro' }],
    limits: { memoryBytes: megabytes(64), supervised: true },
  });
  expect(holds(sandbox.layers, 'memory')).toBe('watchdog');
  expect((await shell(sandbox, 'echo lives')).out).toBe('lives\n');
  const bomb = await sandbox.exec({ argv: [place.probe, 'memory-bomb'] });
  expect(await sandbox.ended).toEqual({ how: 'ended', reason: 'it had more than 64 MiB of memory' });
  expect((await bomb.ended).how).toBe('lost');
});

test('what lies in temporary files counts as memory', async () => {
  const sandbox = await house.start({
    limits: { memoryBytes: megabytes(64), scratchBytes: megabytes(512), supervised: true },
  });
  const bomb = await sandbox.exec({
    argv: ['/bin/sh', '-c', 'head -c 200000000 /dev/zero >/tmp/large; sleep 600'],
  });
  expect(await sandbox.ended).toMatchObject({
    how: 'ended',
    reason: expect.stringMatching(/memory/) as string,
  });
  await bomb.ended;
});

test('so do the names of files with nothing in them', async () => {
  const sandbox = await house.start({
    folders: [{ path: place.read, mode: 'ro' }],
    limits: { memoryBytes: megabytes(32), supervised: true },
  });
  const bomb = await sandbox.exec({ argv: [place.probe, 'empty-files', '/tmp', '60000'] });
  expect(await sandbox.ended).toMatchObject({
    how: 'ended',
    reason: expect.stringMatching(/memory/) as string,
  });
  await bomb.ended;
});

test('a disk total over a folder under review is kept the same way', async () => {
  const folder = await house.newFolder();
  const sandbox = await house.start({
    folders: [
      { path: place.read, mode: 'ro' },
      { path: folder, mode: 'review' },
    ],
    limits: { diskBytes: megabytes(16), supervised: true },
  });
  expect(holds(sandbox.layers, 'disk')).toBe('watchdog');
  const bomb = await sandbox.exec({ argv: [place.probe, 'slow-disk-bomb', folder] });
  expect(await sandbox.ended).toEqual({ how: 'ended', reason: 'it wrote more than 16 MiB' });
  await bomb.ended;
});

test('a folder that is closed so that nobody can count it helps nothing', async () => {
  const folder = await house.newFolder();
  const sandbox = await house.start({
    folders: [{ path: folder, mode: 'review' }],
    limits: { diskBytes: megabytes(16), supervised: true },
  });
  const script = 'mkdir hidden; head -c 32000000 /dev/zero >hidden/large; chmod 0 hidden; exec sleep 600';
  const hiding = await sandbox.exec({ argv: ['/bin/sh', '-c', script], cwd: folder });
  // Root counts it all the same; anybody else takes it for too large.
  const reason = expect.stringMatching(/wrote more than|size cannot be told/) as string;
  expect(await sandbox.ended).toEqual({ how: 'ended', reason });
  await hiding.ended;
});

test('without a person’s word what only a watchdog could keep is refused, with the mend', async () => {
  const folder = await house.newFolder();
  const mend = { code: 'unavailable', mend: expect.stringMatching(/--supervised/) as string };
  await expect(house.start({ limits: { memoryBytes: megabytes(64) } })).rejects.toMatchObject(mend);
  const reviewed = {
    folders: [{ path: folder, mode: 'review' as const }],
    limits: { diskBytes: megabytes(64) },
  };
  await expect(house.start(reviewed)).rejects.toMatchObject(mend);
  const container = { code: 'unavailable', mend: expect.stringMatching(/container/) as string };
  await expect(house.start({ limits: { cpus: 1, supervised: true } })).rejects.toMatchObject(container);
});

test('a disk total without review is the temporary space, which the kernel keeps', async () => {
  const sandbox = await house.start({ limits: { diskBytes: megabytes(4) } });
  expect(holds(sandbox.layers, 'disk')).toBeUndefined();
  expect(holds(sandbox.layers, 'scratch')).toBe('kernel');
  const { out } = await ran(sandbox, ['/bin/sh', '-c', 'head -c 8000000 /dev/zero >/tmp/x; wc -c </tmp/x']);
  expect(Number(out)).toBeLessThanOrEqual(megabytes(4));
});
