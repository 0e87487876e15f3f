import { closeSync, openSync, writeSync } from 'node:fs';

/** Takes what room is left on the disk of this path, to the last page. */
export function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const page = Buffer.alloc(4096); ;) writeSync(file, page);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOSPC') throw failure;
  } finally {
    closeSync(file);
  }
}
