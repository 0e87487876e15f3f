import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream, statSync } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runWords } from '../../approvals/run-words.ts';
import type { SessionVersion } from '../../sandbox/session-version.ts';
import type { Intent } from '../../tools/tool.ts';

/** Larger programs are told by nothing: hashing would take longer than anybody waits. */
const largestProgram = 256 * 1024 * 1024;
const systemPrograms = ['/usr/local/bin', '/usr/bin', '/bin'];
const mostKept = 500;

/** Of the system’s own programs: no agent changes those within the moment that a time on a file stands for. */
const kept = new Map<string, { readonly stamp: string; readonly hash: string }>();

/**
 * SHA-256 of what would be run, programs and scripts alike, as the session sees them: of folders under review its own
 * version. Of the one file, or of all of them with their paths. Null where there is none.
 */
export async function executedFiles(
  intents: readonly Intent[],
  folder: string | null,
  version: SessionVersion,
): Promise<string | null> {
  const paths = new Set<string>();
  for (const intent of intents) {
    if (intent.kind !== 'exec' && intent.kind !== 'shell') continue;
    const { programs, given, folders } = await runWords(intent, folder);
    for (const word of programs) {
      if (!word.includes('/')) add(paths, systemPrograms.map((place) => `${place}/${word}`).find(fileAt));
    }
    for (const word of [...programs.filter((each) => each.includes('/')), ...given]) {
      for (const place of folders) add(paths, posix.resolve(place, word), version);
    }
  }
  const files: { path: string; hash: string }[] = [];
  for (const path of [...paths].toSorted()) {
    const place = version(path);
    const hash = place === null ? null : await hashOf(place);
    if (hash !== null) files.push({ path, hash });
  }
  if (files.length < 2) return files[0]?.hash ?? null;
  const all = files.map(({ path, hash }) => `${hash} ${path}\n`).join('');
  return createHash('sha256').update(all).digest('hex');
}

function add(paths: Set<string>, path: string | undefined, version: SessionVersion = asItLies): void {
  const place = path === undefined ? null : version(path);
  if (path !== undefined && place !== null && fileAt(place)) paths.add(path);
}

const asItLies: SessionVersion = (path) => path;

function fileAt(path: string): BigIntStats | null {
  try {
    const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
    return facts?.isFile() === true ? facts : null;
  } catch {
    return null;
  }
}

async function hashOf(path: string): Promise<string | null> {
  const facts = fileAt(path);
  if (!facts || facts.size > largestProgram) return null;
  const { dev, ino, size, mtimeNs, ctimeNs } = facts;
  const stamp = `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  const known = kept.get(path);
  if (known?.stamp === stamp) return known.hash;
  try {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const hashed = hash.digest('hex');
    if (systemPrograms.some((place) => path.startsWith(`${place}/`))) keep(path, stamp, hashed);
    return hashed;
  } catch {
    return null;
  }
}

function keep(path: string, stamp: string, hash: string): void {
  kept.delete(path);
  kept.set(path, { stamp, hash });
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) return;
    kept.delete(oldest);
  }
}
