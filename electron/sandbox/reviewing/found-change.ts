import type { Change } from '../../../shared/contract/reviewing.ts';
import type { FileFacts } from '../files.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import type { ComparedFolder } from './compared-folder.ts';
import { tellsGitWhatToRun } from './git-settings.ts';
import { parentOf } from './path-key.ts';

/** One difference between the original and the sandbox’s version. */
export interface FoundChange {
  /** Below the folder. */
  readonly path: Buffer;
  readonly kind: Change['kind'];
  readonly type: FileFacts['type'];
  readonly before: FileFacts | null;
  readonly after: FileFacts | null;
  /** Where a link leads now. */
  readonly target: Buffer | null;
  readonly refusal: string | null;
}

const meanwhile = 'The original changed after the session had begun.';
const meanwhileGone = 'The original is gone, or what is around it changed after the session had begun.';
const git = 'It tells git what to run: such a file is never written from a sandbox.';
const onlyUsual = 'Only files, folders and links can be applied.';
const outOfReach = 'It lies deeper than anything that can be opened.';
const unreadable = 'Its own mode lets nobody read it.';

type There = Extract<Candidate, { what: 'there' }>;

const closed = 'Its own mode lets nobody look into it, so what it holds is not known.';

const ownerMayRead = 0o400;
const ownerMayLook = 0o500;

function refusedAsItIs(path: Buffer, facts: FileFacts | null, type: FileFacts['type']): string | null {
  if (tellsGitWhatToRun(path.toString(), type === 'folder' && facts !== null)) return git;
  if (facts?.type === 'other') return onlyUsual;
  if (facts?.type === 'file' && (facts.mode & ownerMayRead) === 0) return unreadable;
  if (facts?.type === 'folder' && (facts.mode & ownerMayLook) !== ownerMayLook) return closed;
  return null;
}

async function judgeGone(
  folder: ComparedFolder,
  path: Buffer,
  signal?: AbortSignal,
): Promise<FoundChange | null> {
  const before = await folder.originalFacts(path);
  if (before === null) return null;
  const refusal =
    refusedAsItIs(path, null, before.type) ??
    ((await folder.changedWithin(path, before, signal)) ? meanwhile : null);
  return { path, kind: 'removed', type: before.type, before, after: null, target: null, refusal };
}

/** Nothing stands at its place now. That is a new name, or one that somebody removed meanwhile. */
async function judgeNew(
  folder: ComparedFolder,
  { path, facts, target, existed }: There,
): Promise<FoundChange> {
  const removed = existed === true || (existed === null && (await parentChanged(folder, path)));
  const refusal = refusedAsItIs(path, facts, facts.type) ?? (removed ? meanwhileGone : null);
  const kind = existed === true ? 'modified' : 'added';
  return { path, kind, type: facts.type, before: null, after: facts, target, refusal };
}

async function parentChanged(folder: ComparedFolder, path: Buffer): Promise<boolean> {
  const parent = parentOf(path);
  const facts = await folder.originalFacts(parent);
  return facts !== null && folder.folderChangedMeanwhile(parent, facts);
}

/** What became of something that is there on both sides; null where it is the same. */
async function kindOf(
  folder: ComparedFolder,
  { path, facts, target }: There,
  before: FileFacts,
): Promise<Change['kind'] | null> {
  if (before.type !== facts.type) return 'replaced';
  if (facts.type === 'link') return (await sameTarget(folder, path, target)) ? null : 'modified';
  const sameMode = (before.mode & 0o777) === (facts.mode & 0o777);
  if (facts.type === 'folder') return sameMode ? null : 'mode';
  if (facts.type === 'other') return before.inode === facts.inode ? null : 'replaced';
  const same =
    before.size === facts.size && (await folder.files.same(folder.original(path), folder.changed(path)));
  if (!same) return 'modified';
  return sameMode ? null : 'mode';
}

async function sameTarget(folder: ComparedFolder, path: Buffer, target: Buffer | null): Promise<boolean> {
  const before = await folder.files.target(folder.original(path));
  return target !== null && before.equals(target);
}

async function judgeThere(
  folder: ComparedFolder,
  candidate: There,
  signal?: AbortSignal,
): Promise<FoundChange | null> {
  const { path, facts, target } = candidate;
  const before = await folder.originalFacts(path);
  if (before === null) return judgeNew(folder, candidate);
  const refused = refusedAsItIs(path, facts, facts.type);
  // What cannot be read cannot be compared either.
  const different = refused === unreadable ? 'modified' : await kindOf(folder, candidate, before);
  const kind = different ?? (refused === closed ? 'mode' : null);
  if (kind === null) return null;
  const refusal = refused ?? ((await isStale(folder, candidate, before, kind, signal)) ? meanwhile : null);
  return { path, kind, type: facts.type, before, after: facts, target, refusal };
}

async function isStale(
  folder: ComparedFolder,
  { path }: There,
  before: FileFacts,
  kind: Change['kind'],
  signal?: AbortSignal,
): Promise<boolean> {
  if (kind === 'replaced') return folder.changedWithin(path, before, signal);
  return before.type === 'folder'
    ? folder.folderChangedMeanwhile(path, before)
    : folder.changedMeanwhile(path, before);
}

/** Nobody can look at what it was: it is shown as it is said to be, and left. */
function beyondReach(candidate: Candidate): FoundChange {
  const { path } = candidate;
  const shown = { path, before: null, refusal: outOfReach };
  if (candidate.what === 'gone')
    return { ...shown, kind: 'removed', type: 'other', after: null, target: null };
  const { facts, target } = candidate;
  return { ...shown, kind: 'added', type: facts.type, after: facts, target };
}

async function judge(
  folder: ComparedFolder,
  candidate: Candidate,
  signal?: AbortSignal,
): Promise<FoundChange | null> {
  if (!folder.isWithinReach(candidate.path)) return beyondReach(candidate);
  return candidate.what === 'gone'
    ? judgeGone(folder, candidate.path, signal)
    : judgeThere(folder, candidate, signal);
}

/** Every change of one folder, each judged; nothing is written. */
export async function* changesIn(
  folder: ComparedFolder,
  signal?: AbortSignal,
): AsyncGenerator<FoundChange, void> {
  for await (const candidate of candidatesOf(folder, signal)) {
    const found = await judge(folder, candidate, signal);
    if (found !== null) yield found;
  }
}
