import type { SystemPlaces } from '../bubblewrap/system-places.ts';
import type { SandboxPlan } from '../sandbox.ts';
import { insidePlaces } from './inside-places.ts';
import type { ContainerMount } from './mounts.ts';

/** The machine's own parts of a container: what every one of them has. */
export interface Machinery {
  readonly helper: string;
  /** Null for an image of the person's: it brings its own. */
  readonly system: SystemPlaces | null;
  /** Files made for this session below its scratch, by where they stand inside. */
  readonly made: Readonly<Record<string, string>>;
  readonly emptyFile: string;
  readonly emptyFolder: string;
  readonly imageVolumes: readonly string[];
}

const readOnly = (from: string, at: string): ContainerMount => ({
  what: 'bind',
  from,
  at,
  writable: false,
  thing: null,
});

export function systemMounts({ helper, system, made }: Machinery): ContainerMount[] {
  return [
    ...(system?.folders.map((folder) => readOnly(folder, folder)) ?? []),
    ...(system?.pieces.map(({ from, at }) => readOnly(from, at)) ?? []),
    ...Object.entries(made).map(([at, from]) => readOnly(from, at)),
    readOnly(helper, insidePlaces.helper),
  ];
}

/** A disk total is one for all that a session may write, and then bounds the temporary space too. */
const scratchBytes = ({ limits }: SandboxPlan) => Math.min(limits.scratchBytes, limits.diskBytes ?? Infinity);

/** Whole pages, as the kernel counts. */
const share = (plan: SandboxPlan, part: number) =>
  Math.max(4096, Math.floor((scratchBytes(plan) * part) / 4096) * 4096);

/** The temporary space is one total, shared out: engines cannot bound several folders together. */
export function scratchMounts(plan: SandboxPlan, { imageVolumes }: Machinery): ContainerMount[] {
  const tmpfs = (at: string, part: number): ContainerMount => ({
    what: 'tmpfs',
    at,
    bytes: share(plan, part),
    mode: 0o1777,
    writable: true,
  });
  const secrets = Object.keys(plan.secrets).length > 0;
  return [
    tmpfs('/tmp', 1 / 2),
    tmpfs(plan.home ?? insidePlaces.home, 1 / 4),
    tmpfs('/run', 1 / 64),
    // Podman puts one there by itself, as large as half of the memory.
    { what: 'tmpfs', at: '/var/tmp', bytes: 4096, mode: 0o555, writable: false },
    ...(secrets ? [tmpfs(insidePlaces.secrets, 1 / 64)] : []),
    ...imageVolumes.map((at) => tmpfs(at, 1 / 8 / imageVolumes.length)),
  ];
}

/** What is left of the temporary space for shared memory. */
export const sharedMemoryBytes = (plan: SandboxPlan): number => share(plan, 1 / 16);
