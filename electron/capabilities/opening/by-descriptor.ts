import fs from 'node:fs';
import { fileName } from '../real-path.ts';
import type { WayOfOpening } from './way.ts';

/** Linux: a descriptor that only names a place; it reads nothing, wakes no device and waits for no pipe. */
const pathOnly = 0o10_000_000;
const { O_DIRECTORY } = fs.constants;

/**
 * Linux with /proc: the links are resolved as texts, the result is opened, and the kernel says where the
 * descriptor leads. Whatever is renamed or swapped meanwhile, the descriptor stays what was judged.
 *
 * Resolving as texts comes first because links in /proc (`/proc/PID/root`, `/proc/PID/fd/N`) lead, when
 * the kernel follows them, to other mount namespaces and to deleted files, whose paths mean something else here.
 */
export const byDescriptor: WayOfOpening = {
  open(path, folder) {
    const expected = fs.realpathSync.native(fileName(path), 'latin1');
    const fd = fs.openSync(fileName(expected), folder ? pathOnly | O_DIRECTORY : pathOnly);
    try {
      const real = fs.readlinkSync(`/proc/self/fd/${fd}`, 'latin1');
      return { fd, real: real === expected ? real : undefined };
    } catch (thrown) {
      fs.closeSync(fd);
      throw thrown;
    }
  },
  entry: ({ fd }, name) => `/proc/self/fd/${fd}/${name}`,
};

/** Whether this machine can do it. */
export function canOpenByDescriptor(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { fd, real } = byDescriptor.open('/', true);
    fs.closeSync(fd);
    return real === '/';
  } catch {
    return false;
  }
}
