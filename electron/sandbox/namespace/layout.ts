import { accountsFor, inside, madeUpFiles } from '../inside/made-up-files.ts';
import type { Mount } from '../bubblewrap/mounts.ts';
import type { SystemPlaces } from '../bubblewrap/system-places.ts';

export const helperInside = '/.holdfast/helper';
const secretsInside = '/run/secrets';

/** The parts of its own space: together never more than was said. */
function scratchSizes(bytes: number) {
  const page = 4096;
  const part = (share: number) => Math.max(page, Math.floor((bytes * share) / page) * page);
  return { tmp: part(0.5), home: part(0.375), shm: part(0.125) };
}

/** Little files that no session writes: lock files and the like belong to /tmp. */
const runBytes = 1 << 20;

const bind = (path: string, from = path): Mount => ({
  what: 'bind',
  from,
  fd: null,
  at: path,
  writable: false,
});

const file = (at: string, content: Uint8Array, mode: number): Mount => ({ what: 'file', content, at, mode });

export interface BaseNeeds {
  readonly system: SystemPlaces;
  /** Its /etc as it was put together; null: piece by piece. */
  readonly etc: number | null;
  readonly scratchBytes: number;
  readonly helper: Mount;
  /** Another home than all have. */
  readonly home: string | undefined;
}

/** The sandbox before any grant: the system read-only, and its own empty places. */
export function baseMounts({ system, etc, scratchBytes, helper, home }: BaseNeeds): Mount[] {
  const sizes = scratchSizes(scratchBytes);
  const tmpfs = (at: string, bytes: number, mode: number): Mount => ({ what: 'tmpfs', at, bytes, mode });
  return [
    ...system.folders.map((folder) => bind(folder)),
    ...system.links.map(({ at, to }): Mount => ({ what: 'link', at, to })),
    ...(etc === null
      ? piecesOfEtc(system)
      : [{ what: 'bind', from: '/etc', fd: etc, at: '/etc', writable: false } as const]),
    { what: 'proc', at: '/proc' },
    { what: 'dev', at: '/dev' },
    tmpfs('/dev/shm', sizes.shm, 0o1777),
    // Else files could be made in it, in memory that nothing counts.
    { what: 'read-only', at: '/dev' },
    tmpfs('/run', runBytes, 0o755),
    tmpfs('/tmp', sizes.tmp, 0o1777),
    tmpfs(home ?? inside.home, sizes.home, 0o700),
    ...(home === undefined
      ? []
      : [{ what: 'content', at: '/etc/passwd', content: accountsFor(home) } as const]),
    { what: 'folder', at: '/.holdfast', mode: 0o755 },
    helper,
  ];
}

function piecesOfEtc({ pieces }: SystemPlaces): Mount[] {
  return [
    { what: 'folder', at: '/etc', mode: 0o755 },
    ...pieces.map(({ at, from }) => bind(at, from)),
    ...Object.entries(madeUpFiles).map(([name, text]) => file(`/etc/${name}`, Buffer.from(text), 0o444)),
  ];
}

/** They are handed over without lying in any file but these. */
export function secretMounts(secrets: Readonly<Record<string, Uint8Array>>): Mount[] {
  const each = Object.entries(secrets);
  if (each.length === 0) return [];
  return [
    { what: 'tmpfs', at: secretsInside, bytes: 16 << 20, mode: 0o500 },
    ...each.map(([name, content]) => file(`${secretsInside}/${name}`, content, 0o400)),
    { what: 'read-only', at: secretsInside },
  ];
}
