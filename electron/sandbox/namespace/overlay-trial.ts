import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../base/remove-tree.ts';
import type { Account } from './account.ts';
import { Staging } from './staging.ts';

const firstDescriptor = 3;

/** Whether what is asked for can be mounted here. */
export async function stagesWell(helper: string, staging: Staging, drop: Account | null): Promise<boolean> {
  const staged = staging.arguments(drop);
  if (!staged) return true;
  const argv = staged.argv.map((each) =>
    each.replace(/^@(\d+)$/, (_, at: string) => String(firstDescriptor + Number(at))),
  );
  const child = spawn(helper, ['stage', ...argv, '--', '/bin/true', 'true'], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', ...staged.descriptors],
  });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } catch {
    return false;
  }
}

/** Lays one overlay over an empty folder. */
export async function overlaysWork(helper: string, drop: Account | null): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-overlay-'));
  try {
    const parts = ['lower', 'own', 'own/upper', 'own/work'].map((name) => join(folder, name));
    for (const path of parts) await mkdir(path);
    if (drop) for (const path of [folder, ...parts]) await chown(path, drop.uid, drop.gid);
    const [lower = '', own = ''] = parts;
    const handle = await open(lower, 'r');
    try {
      const staging = new Staging();
      staging.overlay({ path: lower, fd: handle.fd }, staging.place(own));
      return await stagesWell(helper, staging, drop);
    } finally {
      await handle.close();
    }
  } finally {
    await removeTree(folder);
  }
}
