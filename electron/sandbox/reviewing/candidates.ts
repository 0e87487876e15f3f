import type { FileFacts } from '../files.ts';
import { type ComparedFolder, factsOrNull } from './compared-folder.ts';
import { joined, parentOf, spelling, unspelled } from './path-key.ts';

/** A path below the folder that may have become another one. */
export type Candidate =
  | {
      readonly what: 'there';
      readonly path: Buffer;
      readonly facts: FileFacts;
      readonly target: Buffer | null;
      /** Whether the original had it when the session began; null: it had what this was made from, perhaps elsewhere. */
      readonly existed: boolean | null;
    }
  | { readonly what: 'gone'; readonly path: Buffer };

/** Walks only what the sandbox wrote: what was not touched costs nothing. */
async function* inOverlay(folder: ComparedFolder, signal?: AbortSignal): AsyncGenerator<Candidate, void> {
  const options = signal === undefined ? {} : { signal };
  for await (const { path, facts, target, overlay, copiedUp } of folder.files.walk(folder.version, options)) {
    if (overlay === 'whiteout') {
      yield { what: 'gone', path };
      continue;
    }
    yield { what: 'there', path, facts, target, existed: copiedUp ? null : false };
    if (overlay === 'opaque') yield* hiddenBy(path, folder, signal);
  }
}

/** A folder made anew where there was one hides all that the former held. */
async function* hiddenBy(
  path: Buffer,
  folder: ComparedFolder,
  signal?: AbortSignal,
): AsyncGenerator<Candidate, void> {
  const original = await folder.originalFacts(path);
  if (original?.type !== 'folder') return;
  const options = signal === undefined ? {} : { signal };
  let gone: string | undefined;
  for await (const entry of folder.files.walk(folder.original(path), options)) {
    const whole = joined(path, entry.path);
    if (gone !== undefined && `${spelling(whole)}/`.startsWith(`${gone}/`)) continue;
    const remade = folder.isWithinReach(whole) && (await factsOrNull(folder.files, folder.changed(whole)));
    if (remade) continue;
    gone = spelling(whole);
    yield { what: 'gone', path: whole };
  }
}

async function* inCopy(
  folder: ComparedFolder,
  names: ReadonlySet<string>,
  signal?: AbortSignal,
): AsyncGenerator<Candidate, void> {
  const missing = new Set(names);
  /** What is no folder now: what it held as one is gone with it. */
  const leaves = new Set<string>();
  const copied = BigInt(folder.kept.copiedNs ?? 0);
  const options = signal === undefined ? {} : { signal };
  for await (const { path, facts, target } of folder.files.walk(folder.version, options)) {
    const existed = missing.delete(spelling(path));
    if (facts.type !== 'folder') leaves.add(spelling(path));
    if (existed && facts.type !== 'folder' && facts.ctimeNs < copied) continue;
    yield { what: 'there', path, facts, target, existed };
  }
  for (const name of missing) {
    const path = unspelled(name);
    const parent = spelling(parentOf(path));
    if (!missing.has(parent) && !leaves.has(parent)) yield { what: 'gone', path };
  }
}

export function candidatesOf(folder: ComparedFolder, signal?: AbortSignal): AsyncGenerator<Candidate, void> {
  return folder.names === null ? inOverlay(folder, signal) : inCopy(folder, folder.names, signal);
}
