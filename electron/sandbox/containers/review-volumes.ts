import { chmod, chown, mkdir, readdir, lstat } from 'node:fs/promises';
import { fstat } from 'node:fs';
import { promisify } from 'node:util';
import { Problem } from '../../../shared/problem.ts';
import { fileSystemTime, type KeptFolder, partsOf, writeKept } from '../reviewing/kept-folder.ts';
import type { SandboxFiles } from '../files.ts';
import type { GrantedFolder, SandboxPlan } from '../sandbox.ts';
import { type Engine, engineProblem } from './engine.ts';
import { labelsFor, ownerOf } from './labels.ts';
import type { ContainerMount } from './mounts.ts';

const factsOf = promisify(fstat);

/** The sandbox's own versions of folders under review, as volumes that the engine mounts and unmounts. */
export interface ReviewVolumes {
  mount(folder: GrantedFolder): ContainerMount;
  remove(): Promise<void>;
}

export const reviewed = (plan: SandboxPlan) => plan.folders.filter(({ mode }) => mode === 'review');

/**
 * The engine mounts an overlay: the original below, what the session changes in `kept`. Nothing is copied, whatever
 * the folder's size.
 */
export async function makeReviewVolumes(
  plan: SandboxPlan,
  data: string,
  engine: Engine,
): Promise<ReviewVolumes> {
  const folders = reviewed(plan);
  if (folders.length > 0) refuseWhereImpossible(engine, folders);
  const names = new Map<string, string>();
  const kept: KeptFolder[] = [];
  const remove = async () => {
    for (const name of names.values()) {
      await engine.api
        .getVolume(name)
        .remove({ force: true })
        .catch(() => undefined);
    }
  };
  try {
    for (const [index, folder] of folders.entries()) {
      const place = String(index);
      const { own, upper, work } = partsOf(plan.kept, { place });
      const facts = await factsOf(folder.fd, { bigint: true });
      await mkdir(own, { recursive: true, mode: 0o700 });
      await Promise.all([mkdir(upper), mkdir(work)]);
      // The overlay's own root shows the upper layer's mode and owner.
      await chown(upper, Number(facts.uid), Number(facts.gid));
      await chmod(upper, Number(facts.mode & 0o7777n));
      kept.push({
        path: folder.path,
        device: String(facts.dev),
        inode: String(facts.ino),
        way: 'overlay',
        place,
        startedNs: String(await fileSystemTime(own)),
        copiedNs: null,
      });
      const name = `holdfast-${ownerOf(data).slice(0, 8)}-${plan.session}-${place}`;
      names.set(folder.path, name);
      const layers = `lowerdir=${folder.path},upperdir=${upper},workdir=${work}`;
      await engine.api.createVolume({
        Name: name,
        Driver: 'local',
        DriverOpts: { type: 'overlay', device: 'overlay', o: `nosuid,nodev,userxattr,${layers}` },
        Labels: labelsFor(data, plan.session),
      });
    }
    if (kept.length > 0) await writeKept(plan.kept, kept);
  } catch (thrown) {
    await remove();
    throw engineProblem('The folder under review cannot be made ready', thrown);
  }
  const mount = ({ path }: GrantedFolder): ContainerMount => ({
    what: 'volume',
    name: names.get(path) ?? '',
    at: path,
  });
  return { mount, remove };
}

function refuseWhereImpossible(engine: Engine, folders: readonly GrantedFolder[]): void {
  if (engine.name !== 'Docker' || engine.rootless) {
    throw new Problem(
      'unavailable',
      `${engine.name}${engine.rootless ? ' without root' : ''} cannot put a folder under review: it mounts no overlay of ours.`,
      'Use a namespace sandbox for this folder, or Docker.',
    );
  }
  const unfit = folders.find(({ path }) => /[,:\\]/.test(path));
  if (unfit) {
    throw new Problem(
      'invalid_input',
      `The folder ${unfit.path} cannot be put under review in a container: its name has a comma, a colon or a backslash.`,
      'Rename it, or use a namespace sandbox.',
    );
  }
}

const most = 2000;

/**
 * The engine takes the original by its path, so another folder may have been put there meanwhile. An overlay has
 * numbers of its own; what lies in the folder tells it apart.
 */
export async function refuseSwapped(folders: readonly GrantedFolder[], files: SandboxFiles): Promise<void> {
  for (const { path, fd } of folders) {
    const outside = await entriesOf(fd);
    const { entries } = await files.list(path, { most: most + 1 });
    const inside = entries.map(
      ({ name, facts }) => `${name.toString('latin1')} ${facts.mode & 0o7777} ${facts.mtimeNs}`,
    );
    if (sorted(outside) === sorted(inside)) continue;
    throw new Problem(
      'conflict',
      `${path} changed while the sandbox was being prepared.`,
      'Try again when nothing else is changing that folder.',
    );
  }
}

async function entriesOf(fd: number): Promise<string[]> {
  const folder = `/proc/self/fd/${fd}`;
  const names = (await readdir(folder, { encoding: 'buffer' })).slice(0, most + 1);
  return Promise.all(
    names.map(async (name) => {
      const facts = await lstat(Buffer.concat([Buffer.from(`${folder}/`), name]), { bigint: true });
      return `${name.toString('latin1')} ${Number(facts.mode & 0o7777n)} ${facts.mtimeNs}`;
    }),
  );
}

/** Where there are more than are looked at, their order is the file system's own on both sides. */
const sorted = (lines: readonly string[]) => lines.toSorted().join('\n');
