import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base } from './app-test.ts';

/** Started by root, sandboxes run as this account. */
const nobody = 65_534;

/** With a folder of the person's that the account of sandboxes reaches; not below /tmp, which a sandbox has of its own. */
export const test = base.extend<{ folder: string }>({
  // oxlint-disable-next-line no-empty-pattern -- the runner reads from it that nothing is needed
  folder: async ({}, provide) => {
    const folder = await mkdtemp('/var/tmp/holdfast-e2e-');
    const file = path.join(folder, 'tide.txt');
    await writeFile(file, 'low\n');
    await chmod(folder, 0o755);
    if (process.getuid?.() === 0) for (const each of [folder, file]) await chown(each, nobody, nobody);
    await provide(folder);
    await rm(folder, { recursive: true, force: true });
  },
});
