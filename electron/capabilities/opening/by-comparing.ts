import fs from 'node:fs';
import { fileName } from '../real-path.ts';
import type { WayOfOpening } from './way.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_RDONLY } = fs.constants;
const realPath = (path: string) => fs.realpathSync.native(fileName(path), 'latin1');

/**
 * Where no descriptor tells its path: resolve, open, resolve and compare again. It needs leave to read
 * what it opens, and it is weaker: a program that swaps folders at just the right moments, twice, can still win.
 */
export const byComparing: WayOfOpening = {
  open(path, folder) {
    const real = realPath(path);
    const fd = fs.openSync(
      fileName(real),
      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | (folder ? O_DIRECTORY : 0),
    );
    try {
      const stats = fs.fstatSync(fd, { bigint: true });
      const there = fs.lstatSync(fileName(real), { bigint: true, throwIfNoEntry: false });
      const same = there?.ino === stats.ino && there.dev === stats.dev;
      const certain = same && realPath(real) === real && realPath(path) === real;
      return { fd, real: certain ? real : undefined };
    } catch (thrown) {
      fs.closeSync(fd);
      throw thrown;
    }
  },
  entry: ({ real }, name) => `${real === '/' ? '' : real}/${name}`,
};
