import type { Capability } from '../../../../shared/capability.ts';
import type { FolderWish } from '../../../../shared/session.ts';
import type { CommandRights } from '../../../sandbox/sandbox.ts';
import { isWithin } from '../../preparing/granted-folders.ts';
import { sandboxHome } from './file-hands.ts';

/** What every command may write: it is the sandbox’s own and goes with it. */
const scratch: readonly string[] = ['/tmp', sandboxHome, '/dev/shm'];

/** Not where a folder of the person’s stands below it: a right to the one would be a right to the other. */
export function scratchBeside(folders: readonly FolderWish[]): readonly string[] {
  return scratch.filter((place) => !folders.some(({ path }) => isWithin(path, place)));
}

/** What a command of this agent may see and write: what its file rights reach of the folders that are there. */
export function commandRights(
  held: readonly Capability[],
  folders: readonly FolderWish[],
  writes: boolean,
): CommandRights {
  const reach = (kind: 'file_read' | 'file_write', among: readonly FolderWish[]) => {
    const patterns = held.flatMap((one) => (one.kind === kind ? [one.path] : []));
    return [...new Set(among.flatMap(({ path }) => patterns.flatMap((pattern) => within(pattern, path))))];
  };
  const writable = folders.filter(({ mode }) => mode !== 'ro');
  const write = writes ? reach('file_write', writable) : [];
  return {
    read: [...new Set([...reach('file_read', folders), ...write])],
    write: [...scratchBeside(folders), ...write],
  };
}

/** The part of a folder that a pattern reaches. */
function within(pattern: string, folder: string): string[] {
  if (pattern === '*') return [folder];
  const whole = pattern.endsWith('/*');
  const path = whole ? pattern.slice(0, -2) : pattern;
  if (isWithin(path, folder)) return [path];
  return whole && isWithin(folder, path) ? [folder] : [];
}
