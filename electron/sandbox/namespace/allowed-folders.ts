import { Problem } from '../../../shared/problem.ts';
import { placeOf } from '../grants/inside-place.ts';
import { isWithin } from '../grants/within.ts';
import { inside } from '../inside/made-up-files.ts';
import type { SandboxPlan } from '../sandbox.ts';

type GivenFolders = Pick<SandboxPlan, 'folders' | 'own' | 'home'>;

/** The sandbox has its own of each: a grant of one, or of what holds one, would replace it. */
const own = ['/dev', '/etc', '/proc', '/run', '/sys', '/tmp', '/usr'];

/** What shows or changes the machine itself, however deep. */
const never = ['/dev', '/proc', '/sys'];

/** Where nothing of this machine stands at another place than its own. */
const closed = ['/.holdfast', '/bin', '/etc', '/lib', '/lib64', '/run/secrets', '/sbin', '/usr'];

export function refuseSystemFolders({ folders, own: given = [], home = inside.home }: GivenFolders): void {
  const places = [home, ...own];
  for (const folder of [...folders, ...given]) {
    const at = placeOf(folder);
    const whole = places.find((place) => isWithin(place, at));
    const part = never.find((place) => isWithin(folder.path, place) || isWithin(at, place));
    if (whole !== undefined || part !== undefined) {
      throw new Problem(
        'forbidden',
        `The folder ${at} cannot be given to a sandbox: ${whole ?? part} inside it is the sandbox’s own.`,
        'Give a folder within it.',
      );
    }
    const system = closed.find((place) => isWithin(at, place));
    if (folder.at === undefined || system === undefined) continue;
    throw new Problem(
      'forbidden',
      `Nothing can stand at ${at}: ${system} inside a sandbox is the system’s.`,
      'Choose another place inside.',
    );
  }
}

/** A version of one's own is found again by where it lies, so it stands there inside as well. */
export function refuseMovedReview({ folders }: GivenFolders): void {
  const moved = folders.find(({ mode, at }) => mode === 'review' && at !== undefined);
  if (!moved) return;
  throw new Problem(
    'invalid_input',
    `The folder ${moved.path} is under review and cannot stand at another place inside.`,
    'Let it stand where it lies, or give it read-only.',
  );
}
