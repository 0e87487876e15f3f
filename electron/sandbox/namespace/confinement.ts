import type { Confinement } from '../helper/helper.ts';
import { placeOf } from '../grants/inside-place.ts';
import { proxyPort } from '../inside/environment.ts';
import { inside } from '../inside/made-up-files.ts';
import type { SandboxPlan } from '../sandbox.ts';
import type { SystemPlaces } from '../bubblewrap/system-places.ts';

export interface ConfinementNeeds {
  readonly plan: SandboxPlan;
  readonly system: SystemPlaces;
  readonly environment: Readonly<Record<string, string>>;
  readonly filter: Uint8Array;
  readonly terminal: boolean;
  /** Places inside grants whose identity the helper is to tell. */
  readonly checked: readonly string[];
  readonly own: readonly { readonly at: string; readonly writable: boolean; readonly layer?: boolean }[];
}

/** Enough for PTYs of the sandbox's own, and nothing of the machine's. */
const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'pts'];

/** What the helper keeps for itself beside the command's processes: bubblewrap's first one, itself, a reaper for each command. */
const ownProcesses = 8;

export function confinementFor(needs: ConfinementNeeds): Confinement {
  const { plan, system, environment, filter, terminal, checked, own } = needs;
  const granted = (modes: readonly string[]) =>
    plan.folders.filter(({ mode }) => modes.includes(mode)).map(placeOf);
  const home = plan.home ?? inside.home;
  const scratch = ['/tmp', home];
  const base = ['/etc', '/proc', '/dev'];
  const deviceFiles = devices.map((name) => `/dev/${name}`);
  const all = granted(['ro', 'rw', 'review']);
  const given = (plan.own ?? []).map(placeOf);
  const writableGiven = (plan.own ?? []).filter(({ writable }) => writable !== false).map(placeOf);
  const places = own.map(({ at }) => at);
  const writablePlaces = own.filter(({ writable }) => writable).map(({ at }) => at);
  return {
    read: [...base, '/run', ...all, ...given, ...checked, ...places],
    execute: [...system.folders, ...scratch, ...all, ...given],
    write: [...scratch, '/dev/shm', ...granted(['rw', 'review']), ...writableGiven, ...writablePlaces],
    devices: [...deviceFiles, ...own.filter(({ layer }) => layer).map(({ at }) => at)],
    always: [...system.folders, ...base, ...deviceFiles],
    landlock: 1,
    filter,
    rlimits: {
      core: 0,
      nofile: 8192,
      memlock: 8 << 20,
      nproc: plan.limits.processes + ownProcesses,
    },
    proxyPort: plan.egress ? proxyPort : null,
    terminal,
    home,
    environment,
  };
}
