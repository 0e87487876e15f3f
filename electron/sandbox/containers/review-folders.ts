import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { fstat } from 'node:fs';
import { promisify } from 'node:util';
import { Problem } from '../../../shared/problem.ts';
import { removeTree } from '../../base/remove-tree.ts';
import {
  fileSystemTime,
  freePlace,
  keptBefore,
  type KeptFolder,
  partsOf,
  writeKept,
} from '../reviewing/kept-folder.ts';
import { versionsKept, versionsToRead } from '../reviewing/versions-to-read.ts';
import type { Account } from '../namespace/account.ts';
import type { GrantedFolder, SandboxPlan } from '../sandbox.ts';
import { type Engine, engineProblem } from './engine.ts';
import { labelsFor, ownerOf } from './labels.ts';
import { type ContainerMount, thingAt } from './mounts.ts';
import { removeVolume } from './remove-volume.ts';

const factsOf = promisify(fstat);

export interface ReviewNeeds {
  readonly plan: SandboxPlan;
  readonly data: string;
  readonly engine: Engine;
  /** Whom its files are to belong to; null: they are this process's own account's already. */
  readonly account: Account | null;
  /** Whether to have overlays mounted at all. */
  readonly overlays: boolean;
  /** Copies a folder to `copy` and writes down what it held. */
  readonly copy: (folder: GrantedFolder, place: string) => Promise<Pick<KeptFolder, 'way' | 'copiedNs'>>;
}

/** The sandbox's own versions of folders under review: overlays that the engine mounts, or copies. */
export interface ReviewFolders {
  /** Those that this sandbox writes a version of. */
  readonly kept: readonly KeptFolder[];
  /** Those that it only reads as others have changed them. */
  readonly read: readonly KeptFolder[];
  /** What the sandbox writes, as it lies on the disk. */
  readonly versions: readonly string[];
  mount(folder: GrantedFolder): Promise<ContainerMount | null>;
  remove(): Promise<void>;
}

export const reviewed = (plan: SandboxPlan) => plan.folders.filter(({ mode }) => mode === 'review');

/** With an overlay nothing is copied, whatever the folder's size; where the engine mounts none, all of it is. */
export async function makeReviewFolders(needs: ReviewNeeds): Promise<ReviewFolders> {
  const { plan, account } = needs;
  const volumes = new Map<string, string>();
  const kept = [...(await versionsKept(plan))];
  const read = versionsToRead(plan, kept);
  const remove = async () => {
    for (const name of volumes.values()) await removeVolume(needs.engine, name).catch(() => undefined);
  };
  try {
    for (const { folder, version } of read) {
      if (version.way === 'overlay') volumes.set(folder.path, await makeLayersVolume(needs, folder, version));
    }
    for (const folder of reviewed(plan)) {
      const { dev, ino } = await factsOf(folder.fd, { bigint: true });
      const known = keptBefore(kept, { path: folder.path, dev, ino });
      if (known?.way === 'overlay' && !needs.overlays) await giveUpOverlay(plan, kept, known);
      const before = kept.find((each) => each === known);
      const place = before?.place ?? freePlace(kept);
      if (before) {
        if (before.way === 'overlay') volumes.set(folder.path, await makeVolume(needs, folder, place));
        continue;
      }
      const { own } = partsOf(plan.kept, { place });
      // What was begun here and never written down is nobody's.
      await removeTree(own);
      await mkdir(own, { recursive: true, mode: 0o700 });
      if (account) await chown(own, account.uid, account.gid);
      const startedNs = String(await fileSystemTime(own));
      const overlay = needs.overlays && mountsOverlay(needs.engine, folder, plan.kept);
      if (overlay) volumes.set(folder.path, await makeVolume(needs, folder, place));
      const how = overlay ? { way: 'overlay' as const, copiedNs: null } : await needs.copy(folder, place);
      kept.push({ path: folder.path, device: String(dev), inode: String(ino), place, startedNs, ...how });
    }
    // Those that only read it may be several at once.
    if (reviewed(plan).length > 0) await writeKept(plan.kept, kept);
  } catch (thrown) {
    await remove();
    throw engineProblem('The folder under review cannot be made ready', thrown);
  }
  const mount = async ({ path, mode }: GrantedFolder): Promise<ContainerMount | null> => {
    const version = kept.find((each) => each.path === path);
    if (!version || (mode !== 'review' && !read.some((each) => each.version === version))) return null;
    const writable = mode === 'review';
    const name = volumes.get(path);
    if (name !== undefined) return { what: 'volume', name, at: path, writable };
    const { copy } = partsOf(plan.kept, version);
    return { what: 'bind', from: copy, at: path, writable, thing: await thingAt(copy) };
  };
  const written = kept.filter((each) => reviewed(plan).some(({ path }) => path === each.path));
  const versions = written.map(({ place, way }) => {
    const { upper, copy } = partsOf(plan.kept, { place });
    return way === 'overlay' ? upper : copy;
  });
  return { kept: written, read: read.map(({ version }) => version), versions, mount, remove };
}

/** An overlay that cannot be laid is begun again as a copy, unless an earlier sandbox has written into it. */
async function giveUpOverlay(plan: SandboxPlan, kept: KeptFolder[], given: KeptFolder): Promise<void> {
  const { upper } = partsOf(plan.kept, given);
  const written = await readdir(upper).catch(() => []);
  if (written.length > 0) throw notLaid(given.path);
  kept.splice(kept.indexOf(given), 1);
}

/** Podman does it without our layers' paths, an engine without root not at all, and some names mean options there. */
const mountsOverlay = ({ name, rootless }: Engine, { path }: GrantedFolder, kept: string): boolean =>
  name === 'Docker' && !rootless && ![path, kept].some((each) => /[,:\\"]|\s/.test(each));

async function makeVolume(needs: ReviewNeeds, folder: GrantedFolder, place: string): Promise<string> {
  const { plan, account } = needs;
  const { upper, work } = partsOf(plan.kept, { place });
  const { uid, gid, mode } = await factsOf(folder.fd);
  // What an earlier sandbox of the session wrote is gone on with; the working folder is the kernel's own.
  await removeTree(work);
  await Promise.all([mkdir(upper, { recursive: true }), mkdir(work)]);
  // The overlay's own root shows the upper layer's mode and owner.
  if (account) await chown(upper, uid, gid);
  await chmod(upper, mode & 0o7777);
  return volumeOf(needs, place, `lowerdir=${folder.path},upperdir=${upper},workdir=${work}`);
}

/** To be read only: nothing is written to what lies over the original, which several may be shown. */
async function makeLayersVolume(
  needs: ReviewNeeds,
  folder: GrantedFolder,
  version: KeptFolder,
): Promise<string> {
  if (!needs.overlays) throw notLaid(folder.path);
  const { upper } = partsOf(needs.plan.kept, version);
  return volumeOf(needs, version.place, `lowerdir=${upper}:${folder.path}`);
}

async function volumeOf({ plan, data, engine }: ReviewNeeds, place: string, layers: string): Promise<string> {
  const name = `holdfast-${ownerOf(data).slice(0, 8)}-${plan.session}-${place}`;
  await engine.api.createVolume({
    Name: name,
    Driver: 'local',
    DriverOpts: { type: 'overlay', device: 'overlay', o: `nosuid,nodev,userxattr,${layers}` },
    Labels: labelsFor(data, plan.session),
  });
  return name;
}

const notLaid = (path: string) =>
  new Problem(
    'conflict',
    `What was changed in ${path} lies in an overlay, which the engine does not lay now.`,
    'Restart the engine, or end the session and decide about what it changed.',
  );
