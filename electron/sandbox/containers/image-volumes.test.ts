import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { SandboxPlan } from '../sandbox.ts';
import { planMounts } from './plan-mounts.ts';

test('an image’s own volumes are memory of the container, and none stands in a granted folder', async () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-volumes-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const path = join(home, 'work');
  mkdirSync(path);
  const fd = openSync(path, 'r');
  onTestFinished(() => closeSync(fd));
  const plan = {
    folders: [{ path, fd, mode: 'rw' }],
    limits: sandboxLimitsSchema.parse({}),
    secrets: {},
    masked: [],
    unixSockets: false,
  } as unknown as SandboxPlan;
  const planned = (...imageVolumes: string[]) => {
    const machinery = {
      helper: '/helper',
      system: null,
      made: {},
      emptyFile: '/file',
      emptyFolder: '/folder',
      imageVolumes,
    };
    const account = { uid: 1000, gid: 1000 };
    return planMounts(plan, machinery, account, () => Promise.resolve(null));
  };
  const { mounts } = await planned('/var/lib/database', path);
  expect(mounts.find(({ at }) => at === '/var/lib/database')).toMatchObject({ what: 'tmpfs' });
  expect(mounts.find(({ at }) => at === path)).toMatchObject({ what: 'bind', from: path });
  for (const within of [join(path, 'new'), `/usr/..${path}/new/`])
    await expect(planned(within)).rejects.toMatchObject({ code: 'forbidden' });
  expect(readdirSync(path)).toEqual([]);
});
