import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';

const file = join('out', 'helper', 'holdfast-helper');

/** Where it may lie, seen from a file of ours: from the source three levels up, from the built files two. */
const candidates = (folder: string): string[] =>
  ['../../..', '../..'].map((up) => {
    const path = join(folder, up, file);
    // A packaged app keeps programs beside its archive: the kernel runs none that lies inside.
    return path.replace(/app\.asar(?=\/)/, 'app.asar.unpacked');
  });

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of the helper’s program; undefined where it was not compiled. */
const findHelper = (folder: string): string | undefined => candidates(folder).find(isProgram);

const helperMend = 'sudo apt install g++, then npm start again';

export function needHelper(folder: string = import.meta.dirname): string {
  const found = findHelper(folder);
  if (found !== undefined) return found;
  throw new Problem(
    'unavailable',
    'Holdfast’s helper for sandboxes has not been compiled on this machine.',
    helperMend,
  );
}
