import { Problem } from '../../../shared/problem.ts';
import { isWithin } from '../grants/within.ts';

/** The sandbox has its own of each: a grant of one, or of what holds one, would replace it. */
const own = ['/dev', '/etc', '/home/sandbox', '/proc', '/run', '/sys', '/tmp', '/usr'];

/** What shows or changes the machine itself, however deep. */
const never = ['/dev', '/proc', '/sys'];

export function refuseSystemFolders(paths: readonly string[]): void {
  for (const path of paths) {
    const whole = own.find((place) => isWithin(place, path));
    const part = never.find((place) => isWithin(path, place));
    if (whole === undefined && part === undefined) continue;
    throw new Problem(
      'forbidden',
      `The folder ${path} cannot be given to a sandbox: ${whole ?? part} inside it is the sandbox’s own.`,
      'Give a folder within it.',
    );
  }
}
