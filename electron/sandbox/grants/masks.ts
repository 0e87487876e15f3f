import { statSync } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { makePrivateFolder } from '../../base/private-files.ts';
import { otherNames, readMounts } from './mount-table.ts';
import { isWithin, outermost } from './within.ts';

/** A place of Holdfast's own that a sandbox would see: to be covered by something empty that cannot be written. */
export interface Mask {
  readonly path: string;
  readonly type: 'folder' | 'file';
}

interface Grant {
  readonly path: string;
  readonly fd: number;
}

/** The real path even where the last parts of it do not exist yet. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT' || path === '/') throw failure;
    return join(await realPathOf(dirname(path)), path.slice(dirname(path).length));
  }
}

const sameThing = (a: { dev: bigint; ino: bigint }, b: { dev: bigint; ino: bigint }) =>
  a.dev === b.dev && a.ino === b.ino;

/** The folder itself and those above it, by what they are: another mount gives them other names. */
function* upwards(fd: number): Generator<{ dev: bigint; ino: bigint }> {
  let path = `/proc/self/fd/${fd}`;
  let before: { dev: bigint; ino: bigint } | undefined;
  for (;;) {
    // Of folders that are open or were just passed: the kernel has them at hand.
    const here = statSync(path, { bigint: true });
    if (before && sameThing(here, before)) return;
    yield here;
    before = here;
    path += '/..';
  }
}

async function refuseWithin(grant: Grant, masked: readonly string[]): Promise<void> {
  const refusal = new Problem(
    'forbidden',
    `The folder ${grant.path} belongs to Holdfast itself and is never given to a sandbox.`,
    'Give another folder.',
  );
  if (masked.some((mask) => isWithin(grant.path, mask))) throw refusal;
  const things = await Promise.all(masked.map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  for (const folder of upwards(grant.fd)) {
    if (things.some((thing) => thing && sameThing(thing, folder))) throw refusal;
  }
}

async function maskAt(path: string): Promise<Mask> {
  const there = await lstat(path).catch(() => undefined);
  // What does not exist cannot be covered: were it left so, the sandbox could make it and Holdfast would read it.
  if (!there) await makePrivateFolder(path);
  return { path, type: !there || there.isDirectory() ? 'folder' : 'file' };
}

/**
 * What must be covered inside these grants, by every name under which they show it. Refuses a grant that lies
 * inside a mask. A masked place that does not exist yet is made, so that it can be covered.
 */
export async function masksWithin(grants: readonly Grant[], masked: readonly string[]): Promise<Mask[]> {
  const places = outermost(await Promise.all(masked.map(realPathOf)));
  const mounts = readMounts();
  const names = outermost(places.flatMap((place) => [place, ...otherNames(place, mounts)]));
  await Promise.all(grants.map((grant) => refuseWithin(grant, names)));
  const shown = names.filter((name) => grants.some(({ path }) => isWithin(name, path)));
  return Promise.all(shown.map(maskAt));
}
