// A program of its own, so that it can be run as another user: prints what became of folders under review.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../base/remove-tree.ts';
import { givenEngine, openContainerHouse } from './container-executor.ts';
import { sandboxUid } from './namespace-house.ts';
import { shell } from './sandbox-house.ts';

const house = await openContainerHouse(givenEngine(), sandboxUid());
const told: unknown[] = [];
for (const name of ['for-an-overlay', 'for, a copy']) {
  const folder = await house.newFolder(name);
  await house.put(join(folder, 'file'), 'before');
  const limits = { diskBytes: 4 << 20, supervised: true };
  const plan = await house.plan({ folders: [{ path: folder, mode: 'review' }], limits });
  const sandbox = await (await house.executor.prepare(plan, new AbortController().signal)).start();
  const { out } = await shell(sandbox, 'cat file; rm file; mkdir folder; ls');
  const script = 'head -c 1800000 /dev/zero >/tmp/x; head -c 3000000 /dev/zero >large; exec sleep 98762';
  const bomb = await sandbox.exec({ argv: ['/bin/sh', '-c', script] });
  const end = await sandbox.ended;
  await bomb.ended;
  await sandbox.teardown();
  told.push({ out, end, left: await readdir(join(plan.kept, '0')) });
  await removeTree(plan.kept);
}
await house.close();
process.stdout.write(JSON.stringify(told));
