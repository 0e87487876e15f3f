import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { type Mask, masksWithin } from '../grants/masks.ts';
import { readMounts } from '../grants/mount-table.ts';
import { insideOf, placeOf } from '../grants/inside-place.ts';
import { shallowFirst } from '../grants/order.ts';
import { chainTo, mountsOf, repositoriesOf } from '../grants/protected.ts';
import { isWithin } from '../grants/within.ts';
import { socketsIn } from '../namespace/sockets-in.ts';
import { refuseSystemFolders } from '../namespace/allowed-folders.ts';
import { identityOf } from '../namespace/pinned.ts';
import type { Account } from '../namespace/account.ts';
import type { GrantedFolder, SandboxPlan } from '../sandbox.ts';
import { type ContainerMount, thingAt } from './mounts.ts';
import { type Machinery, scratchMounts, systemMounts } from './own-mounts.ts';

type BoundMount = Extract<ContainerMount, { what: 'bind' }>;

/**
 * How a folder under review stands in the container: a volume that the engine made, or a copy on this machine. Null:
 * it is shown as it is.
 */
export type ReviewMount = (folder: GrantedFolder) => Promise<ContainerMount | null>;

/** What stands in a container, and how much of it only hides or protects. */
export interface PlannedMounts {
  readonly mounts: readonly ContainerMount[];
  readonly masks: number;
  readonly repositories: number;
  readonly sockets: number;
}

/** Everything that stands in a container; the engines mount the shallow before the deep. */
export async function planMounts(
  plan: SandboxPlan,
  machinery: Machinery,
  account: Account,
  review: ReviewMount,
): Promise<PlannedMounts> {
  refuseSystemFolders(plan);
  const folders = shallowFirst(plan.folders);
  refuseVolumesWithin(folders, machinery.imageVolumes);
  const masks = await masksWithin(folders, plan.masked);
  const placed = new Map<string, ContainerMount>();
  const place = (mount: ContainerMount) => placed.set(mount.at, mount);
  for (const mount of [...systemMounts(machinery), ...scratchMounts(plan, machinery)]) place(mount);
  const versions = new Set<GrantedFolder>();
  for (const folder of folders) {
    const version = await review(folder);
    if (version) versions.add(folder);
    place(version ?? grant(folder));
  }
  const nearest = (at: string) => folders.findLast((folder) => isWithin(at, placeOf(folder)));
  const masked = (path: string) => masks.some((mask) => isWithin(path, mask.path));
  const seen = (path: string) =>
    folders
      .filter((folder) => isWithin(path, folder.path))
      .map((folder) => ({ folder, at: insideOf(folder, path) }))
      .filter(({ folder, at }) => nearest(at) === folder);
  for (const folder of folders) {
    const mine = (path: string) => {
      const at = insideOf(folder, path);
      return nearest(at) === folder && !masked(path) && !folders.some((other) => placeOf(other) === at);
    };
    if (versions.has(folder)) continue;
    const within =
      folder.mode === 'ro' ? await mountsBelow(folder) : await protectedIn(folder, mine, account);
    for (const mount of within) if (mine(mount.from)) place(mount);
  }
  for (const mask of masks) {
    for (const { folder, at } of seen(mask.path)) {
      for (const path of folder.mode === 'rw' ? chainTo(folder.path, mask.path) : []) {
        if (!placed.has(insideOf(folder, path))) place(await againWithin(folder, path, true));
      }
      const shown = (plan.own ?? []).map(placeOf).filter((own) => isWithin(own, at));
      const covered = { at, type: mask.type };
      place(await (shown.length === 0 ? cover(covered, machinery) : coverAround(at, shown, machinery)));
    }
  }
  for (const folder of plan.own ?? []) {
    const { path, fd, writable = true } = folder;
    place({ what: 'bind', from: path, at: placeOf(folder), writable, thing: identityOf(fd) });
  }
  const sockets = plan.unixSockets ? await socketsIn(folders) : [];
  const shown = sockets.filter((path) => !masked(path)).flatMap(seen);
  for (const { at } of shown) place(await cover({ at, type: 'file' }, machinery));
  const repositories = [...placed.keys()].filter((at) => basename(at) === '.git').length;
  return { mounts: [...placed.values()], masks: masks.length, repositories, sockets: shown.length };
}

/** An engine makes the place where a volume is to stand: that would be in the person's own folder. */
function refuseVolumesWithin(folders: readonly GrantedFolder[], volumes: readonly string[]): void {
  const inside = volumes
    .map((at) => posix.resolve('/', at))
    .find((at) => folders.some((folder) => at !== placeOf(folder) && isWithin(at, placeOf(folder))));
  if (inside === undefined) return;
  throw new Problem(
    'forbidden',
    `The image wants a volume at ${inside}, inside a folder that was granted.`,
    'Use another image, or grant another folder.',
  );
}

const grant = (folder: GrantedFolder): ContainerMount => ({
  what: 'bind',
  from: folder.path,
  at: placeOf(folder),
  writable: folder.mode === 'rw',
  thing: identityOf(folder.fd),
});

interface Covered {
  readonly at: string;
  readonly type: Mask['type'];
}

/** Not by a temporary file system: Podman fills one with what it covers. */
async function cover({ at, type }: Covered, { emptyFile, emptyFolder }: Machinery): Promise<ContainerMount> {
  const from = type === 'folder' ? emptyFolder : emptyFile;
  return { what: 'bind', from, at, writable: false, thing: await thingAt(from) };
}

/** Engines cannot make the place for a mount in what is read-only: it is there already. */
async function coverAround(
  at: string,
  own: readonly string[],
  { emptyFolder }: Machinery,
): Promise<ContainerMount> {
  const from = await mkdtemp(`${emptyFolder}-`);
  await chmod(from, 0o555);
  for (const shown of own) {
    await mkdir(posix.join(from, posix.relative(at, shown)), { recursive: true, mode: 0o555 });
  }
  return { what: 'bind', from, at, writable: false, thing: await thingAt(from) };
}

/** The repositories of a writable grant: what git would run from there cannot be written, moved or replaced. */
async function protectedIn(
  folder: GrantedFolder,
  mine: (path: string) => boolean,
  account: Account,
): Promise<BoundMount[]> {
  if (folder.mode !== 'rw') return [];
  const mounts = new Map<string, BoundMount>();
  const hold = async (path: string) => {
    if (!mounts.has(path)) mounts.set(path, await againWithin(folder, path, true));
  };
  for (const place of (await repositoriesOf(folder.path)).filter(({ git }) => mine(git))) {
    const { held, readOnly } = await mountsOf(folder.path, place, account);
    for (const path of held) await hold(path);
    for (const path of readOnly) mounts.set(path, await againWithin(folder, path, false));
  }
  return [...mounts.values()];
}

/** A part of a folder, mounted where the folder has it already. */
async function againWithin(folder: GrantedFolder, path: string, writable: boolean) {
  const bind = { what: 'bind', from: path, at: insideOf(folder, path), writable } as const;
  return { ...bind, thing: await thingAt(path) };
}

/** Engines make only the uppermost mount of a tree read-only: each one below is named as well. */
async function mountsBelow(folder: GrantedFolder) {
  const below = readMounts()
    .map(({ at }) => at)
    .filter((at) => at !== folder.path && isWithin(at, folder.path));
  const each = shallowFirst([...new Set(below)].map((path) => ({ path })));
  return Promise.all(each.map(({ path }) => againWithin(folder, path, false)));
}
