import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accountFor, refuseUnusable } from './account.ts';

const root = { uid: 0, gid: 0, chosen: null, environment: {} };

async function passwd(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-passwd-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'passwd');
  await writeFile(
    path,
    'root:x:0:0::/root:/bin/sh\nann:x:1200:1300::/home/ann:/bin/sh\nbad:x:1201:0::/:/bin/sh\n',
  );
  return path;
}

test('an ordinary user’s sandboxes run under that user', async () => {
  expect(await accountFor({ ...root, uid: 1000, gid: 1001, chosen: 5 })).toEqual({ uid: 1000, gid: 1001 });
});

test('root’s run under the chosen account, else under whoever called sudo, else under nobody', async () => {
  const from = await passwd();
  expect(await accountFor({ ...root, chosen: 1200, passwd: from })).toEqual({ uid: 1200, gid: 1300 });
  const sudo = { environment: { SUDO_UID: '1200' }, passwd: from };
  expect(await accountFor({ ...root, ...sudo })).toEqual({ uid: 1200, gid: 1300 });
  expect(await accountFor(root)).toEqual({ uid: 65_534, gid: 65_534 });
  expect(await accountFor({ ...root, environment: { SUDO_UID: '0' } })).toMatchObject({ uid: 65_534 });
  expect(await accountFor({ ...root, environment: { SUDO_UID: '1200 x' } })).toMatchObject({ uid: 65_534 });
});

test('never under root, and never with its group', async () => {
  await expect(accountFor({ ...root, chosen: 0 })).rejects.toMatchObject({ code: 'forbidden' });
  const from = await passwd();
  expect(await accountFor({ ...root, chosen: 1201, passwd: from })).toEqual({ uid: 1201, gid: 65_534 });
});

test('a folder that the account cannot use is refused with the mend', () => {
  const account = { uid: 1200, gid: 1300 };
  const check = (mode: 'ro' | 'rw', facts: { uid: number; gid: number; mode: number }) => () =>
    refuseUnusable({ path: '/srv/it’s', mode }, facts, account);
  expect(check('rw', { uid: 1200, gid: 0, mode: 0o40700 })).not.toThrow();
  expect(check('rw', { uid: 0, gid: 1300, mode: 0o40770 })).not.toThrow();
  expect(check('ro', { uid: 0, gid: 0, mode: 0o40755 })).not.toThrow();
  expect(check('rw', { uid: 0, gid: 0, mode: 0o40755 })).toThrow(/cannot write/);
  expect(check('ro', { uid: 0, gid: 0, mode: 0o40750 })).toThrow(/cannot read/);
  // The owner's own bits count, even where everybody else's would allow it.
  expect(check('ro', { uid: 1200, gid: 0, mode: 0o40077 })).toThrow(/cannot read/);
  expect(check('rw', { uid: 0, gid: 0, mode: 0o40700 })).toThrow(
    expect.objectContaining({ mend: expect.stringContaining('chown -R 1200') as string }),
  );
});
