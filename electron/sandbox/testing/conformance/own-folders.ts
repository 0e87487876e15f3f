import { closeSync, constants, openSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { shell } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

/** A folder of Holdfast's own, as its code makes one for a sandbox to write in. */
async function ownFolder({ house }: Subject, data: string): Promise<{ path: string; fd: number }> {
  const path = join(data, 'runs', 'one');
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) await chown(path, house().uid, house().uid);
  const fd = openSync(path, 0o10_000_000 | constants.O_DIRECTORY);
  onTestFinished(() => closeSync(fd));
  return { path, fd };
}

export function ownFolderTests(subject: Subject): void {
  test('a folder of Holdfast’s own is written where its code gives it, and nothing beside it is seen', async () => {
    const home = await subject.house().newFolder();
    const data = join(home, 'holdfast');
    const own = await ownFolder(subject, data);
    await writeFile(join(data, 'key'), 'the signing key');
    await mkdir(join(data, 'runs', 'other'));
    await chmod(data, 0o700);
    const sandbox = await subject.house().start({
      folders: [{ path: home, mode: 'rw' }],
      masked: [data],
      own: [own],
    });
    const { out } = await shell(
      sandbox,
      `cat ${data}/key; ls ${data} ${data}/runs; echo x >${data}/new; mkdir ${data}/runs/new
       mv ${own.path} ${data}/away; rmdir ${own.path}
       printf '#!/bin/sh\necho ran' >${own.path}/program && chmod +x ${own.path}/program && ${own.path}/program`,
    );
    expect(out).toBe(`${data}:\nruns\n\n${data}/runs:\none\nran\n`);
    await sandbox.files.write(join(own.path, 'file'), Buffer.from('by the tool'), { how: 'replace' });
    expect(await readFile(join(own.path, 'file'), 'utf8')).toBe('by the tool');
  });

  test('it stands alone where nothing else is granted', async () => {
    const home = await subject.house().newFolder();
    const own = await ownFolder(subject, home);
    const sandbox = await subject.house().start({ own: [own], masked: [home] });
    const { out } = await shell(sandbox, `echo there >${own.path}/a; cat ${own.path}/a; ls ${home}`);
    expect(out).toBe('there\nruns\n');
  });
}
