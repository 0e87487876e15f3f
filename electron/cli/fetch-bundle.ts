import { createHash, randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Client } from './client.ts';

/** Said before a long export begins, and again when it is put in place: somebody may have come meanwhile. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new Problem('conflict', `${path} is there already.`, 'Choose another name.');
}

/**
 * Copies a bundle piece by piece into a file that did not exist, with this account's rights. It has its name
 * only when it is whole, and what is not finished goes, also where Ctrl-C ends the program.
 */
export async function fetchBundle(
  client: Client,
  bundle: Id<'bundle'>,
  path: string,
  sha256: string,
): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.new`;
  const remove = () => rmSync(unfinished, { force: true });
  process.once('exit', remove);
  try {
    if ((await copy(client, bundle, unfinished)) !== sha256)
      throw new Problem('storage_failed', 'The bundle arrived changed and was removed.', 'Try again.');
    await putInPlace(unfinished, path);
  } catch (thrown) {
    throw asProblem(thrown, path);
  } finally {
    await rm(unfinished, { force: true });
    process.off('exit', remove);
  }
}

/** Answers the SHA-256 of what was written. */
async function copy(client: Client, bundle: Id<'bundle'>, path: string): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    for (let offset: number | null = 0; offset !== null;) {
      const piece: { base64: string; next: number | null } = await client.record.readExport({
        bundle,
        offset,
      });
      const content = Buffer.from(piece.base64, 'base64');
      hash.update(content);
      await file.writeFile(content);
      offset = piece.next;
    }
    await file.sync();
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** A hard link never replaces a file that came meanwhile; where the disk knows none, a rename has to do. */
async function putInPlace(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch {
    refuseExisting(path);
    await rename(unfinished, path);
  }
}

/** Only a file's own failures carry the path; those of the connection keep their meaning. */
function asProblem(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof Problem) return thrown;
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOSPC')
    return new Problem('storage_full', `There is no room for ${path}.`, 'Choose another disk.');
  if (code === undefined || !['open', 'write', 'fsync', 'rename'].includes(syscall ?? '')) return thrown;
  return new Problem(
    'storage_failed',
    `${path} cannot be written: ${thrown.message}.`,
    'Choose another place.',
  );
}
