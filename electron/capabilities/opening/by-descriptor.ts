import fs from 'node:fs';
import { fileName, isAscii } from '../real-path.ts';
import type { WayOfOpening } from './way.ts';

/** Linux: a descriptor that only names a place; it reads nothing, wakes no device and waits for no pipe. */
const pathOnly = 0o10_000_000;
const { O_DIRECTORY } = fs.constants;

/**
 * This process as /proc itself numbers it, which may be that of another PID namespace. Asked once: following the link
 * `self` for each path takes a tenth of its time.
 */
let descriptors: string | undefined;
const ownDescriptors = () => (descriptors ??= `/proc/${fs.readlinkSync('/proc/self')}/fd/`);

/**
 * Linux with /proc: the links are resolved as texts, the result is opened, and the kernel says where the
 * descriptor leads. Whatever is renamed or swapped meanwhile, the descriptor stays what was judged.
 *
 * Resolving as texts comes first because links in /proc (`/proc/PID/root`, `/proc/PID/fd/N`) lead, when
 * the kernel follows them, to other mount namespaces and to deleted files, whose paths mean something else here.
 */
export const byDescriptor: WayOfOpening = {
  open(path, folder) {
    const name = fileName(path);
    let expected = fs.realpathSync.native(name);
    // UTF-8 is read quicker, and a text that is ASCII has no other bytes; of all others each byte must be known.
    const plain = isAscii(expected);
    if (!plain) expected = fs.realpathSync.native(name, 'latin1');
    const fd = fs.openSync(plain ? expected : fileName(expected), folder ? pathOnly | O_DIRECTORY : pathOnly);
    try {
      const link = ownDescriptors() + fd;
      const real = plain ? fs.readlinkSync(link) : fs.readlinkSync(link, 'latin1');
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
