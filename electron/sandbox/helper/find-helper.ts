import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';

const isBuilt = /[\\/]out[\\/]main$/;

/** Where the set-up puts it, seen from a file of ours: from the source three levels up, from the built files two. */
function placeOf(name: string, folder: string): string {
  const path = join(folder, isBuilt.test(folder) ? '../..' : '../../..', 'out', 'helper', name);
  // A packaged app keeps what is native beside its archive: the kernel runs nothing that lies inside.
  return path.replace(/app\.asar(?=\/)/, 'app.asar.unpacked');
}

/** The path of what the set-up compiles; undefined where it did not. */
export function findCompiled(name: string, folder: string = import.meta.dirname): string | undefined {
  const path = placeOf(name, folder);
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

const helperMend = 'sudo apt install g++, then npm start again';

export function needHelper(): string {
  const found = findCompiled('holdfast-helper');
  if (found !== undefined) return found;
  throw new Problem(
    'unavailable',
    'Holdfast’s helper for sandboxes has not been compiled on this machine.',
    helperMend,
  );
}
