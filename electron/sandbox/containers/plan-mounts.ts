import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { type Mask, masksWithin } from '../grants/masks.ts';
import { readMounts } from '../grants/mount-table.ts';
import { shallowFirst } from '../grants/order.ts';
import { chainTo, mountsOf, repositoriesOf } from '../grants/protected.ts';
import { isWithin } from '../grants/within.ts';
import { socketsIn } from '../namespace/sockets-in.ts';
import { refuseSystemFolders } from '../namespace/allowed-folders.ts';
import { identityOf } from '../namespace/pinned.ts';
import type { Account } from '../namespace/account.ts';
import type { GrantedFolder, OwnFolder, SandboxPlan } from '../sandbox.ts';
import { type ContainerMount, thingAt } from './mounts.ts';
import { type Machinery, scratchMounts, systemMounts } from './own-mounts.ts';

/** How a folder under review stands in the container: a volume that the engine made, or a copy on this machine. */
export type ReviewMount = (folder: GrantedFolder) => Promise<ContainerMount>;

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
  refuseSystemFolders(plan.folders.map(({ path }) => path));
  const folders = shallowFirst(plan.folders);
  refuseVolumesWithin(folders, machinery.imageVolumes);
  const masks = await masksWithin(folders, plan.masked);
  const placed = new Map<string, ContainerMount>();
  const place = (mount: ContainerMount) => placed.set(mount.at, mount);
  for (const mount of [...systemMounts(machinery), ...scratchMounts(plan, machinery)]) place(mount);
  for (const folder of folders) {
    place(folder.mode === 'review' ? await review(folder) : grant(folder));
  }
  const nearest = (path: string) => folders.findLast((folder) => isWithin(path, folder.path));
  const own = (folder: GrantedFolder, path: string) =>
    nearest(path) === folder && !masks.some((mask) => isWithin(path, mask.path));
  for (const folder of folders) {
    const mine = (path: string) => own(folder, path) && !folders.some((other) => other.path === path);
    const within =
      folder.mode === 'ro' ? await mountsBelow(folder) : await protectedIn(folder, mine, account);
    for (const mount of within) if (mine(mount.at)) place(mount);
  }
  for (const mask of masks) {
    const folder = nearest(mask.path);
    for (const path of folder?.mode === 'rw' ? chainTo(folder.path, mask.path) : []) {
      if (!placed.has(path)) place(await ontoItself(path, true));
    }
    const shown = (plan.own ?? []).filter(({ path }) => isWithin(path, mask.path));
    place(await (shown.length === 0 ? cover(mask, machinery) : coverAround(mask, shown, machinery)));
  }
  for (const { path, fd } of plan.own ?? []) {
    place({ what: 'bind', from: path, at: path, writable: true, thing: identityOf(fd) });
  }
  const sockets = plan.unixSockets ? await socketsIn(folders) : [];
  const shown = sockets.filter((path) => !masks.some((mask) => isWithin(path, mask.path)));
  for (const path of shown) place(await cover({ path, type: 'file' }, machinery));
  const repositories = [...placed.keys()].filter((at) => basename(at) === '.git').length;
  return { mounts: [...placed.values()], masks: masks.length, repositories, sockets: shown.length };
}

/** An engine makes the place where a volume is to stand: that would be in the person's own folder. */
function refuseVolumesWithin(folders: readonly GrantedFolder[], volumes: readonly string[]): void {
  const inside = volumes
    .map((at) => posix.resolve('/', at))
    .find((at) => folders.some(({ path }) => at !== path && isWithin(at, path)));
  if (inside === undefined) return;
  throw new Problem(
    'forbidden',
    `The image wants a volume at ${inside}, inside a folder that was granted.`,
    'Use another image, or grant another folder.',
  );
}

const grant = ({ path, fd, mode }: GrantedFolder): ContainerMount => ({
  what: 'bind',
  from: path,
  at: path,
  writable: mode === 'rw',
  thing: identityOf(fd),
});

/** Not by a temporary file system: Podman fills one with what it covers. */
async function cover({ path, type }: Mask, { emptyFile, emptyFolder }: Machinery): Promise<ContainerMount> {
  const from = type === 'folder' ? emptyFolder : emptyFile;
  return { what: 'bind', from, at: path, writable: false, thing: await thingAt(from) };
}

/** Engines cannot make the place for a mount in what is read-only: it is there already. */
async function coverAround(
  { path }: Mask,
  own: readonly OwnFolder[],
  { emptyFolder }: Machinery,
): Promise<ContainerMount> {
  const from = await mkdtemp(`${emptyFolder}-`);
  await chmod(from, 0o555);
  for (const { path: shown } of own) {
    await mkdir(posix.join(from, posix.relative(path, shown)), { recursive: true, mode: 0o555 });
  }
  return { what: 'bind', from, at: path, writable: false, thing: await thingAt(from) };
}

/** The repositories of a writable grant: what git would run from there cannot be written, moved or replaced. */
async function protectedIn(
  folder: GrantedFolder,
  mine: (path: string) => boolean,
  account: Account,
): Promise<ContainerMount[]> {
  if (folder.mode !== 'rw') return [];
  const mounts = new Map<string, ContainerMount>();
  const hold = async (path: string) => {
    if (!mounts.has(path)) mounts.set(path, await ontoItself(path, true));
  };
  for (const place of (await repositoriesOf(folder.path)).filter(({ git }) => mine(git))) {
    const { held, readOnly } = await mountsOf(folder.path, place, account);
    for (const path of held) await hold(path);
    for (const path of readOnly) mounts.set(path, await ontoItself(path, false));
  }
  return [...mounts.values()];
}

async function ontoItself(path: string, writable: boolean): Promise<ContainerMount> {
  return { what: 'bind', from: path, at: path, writable, thing: await thingAt(path) };
}

/** Engines make only the uppermost mount of a tree read-only: each one below is named as well. */
async function mountsBelow({ path: folder }: GrantedFolder): Promise<ContainerMount[]> {
  const below = readMounts()
    .map(({ at }) => at)
    .filter((at) => at !== folder && isWithin(at, folder));
  const each = shallowFirst([...new Set(below)].map((path) => ({ path })));
  return Promise.all(each.map(({ path }) => ontoItself(path, false)));
}
