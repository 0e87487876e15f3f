import { Problem } from '../../../shared/problem.ts';
import type { FileFacts } from '../files.ts';
import { writeAppliedWork } from './applied-work.ts';
import { type ComparedFolder, factsOrNull } from './compared-folder.ts';
import type { FoundChange } from './found-change.ts';
import { joined, keyOf, parentOf, spelling, unspelled } from './path-key.ts';

const ownerMayFill = 0o700;

/** The folders above a path, the outermost first. */
function foldersAbove(path: Buffer): Buffer[] {
  const above: Buffer[] = [];
  for (let parent = parentOf(path); parent.length > 0; parent = parentOf(parent)) above.unshift(parent);
  return above;
}

const isSame = (one: FileFacts | null, other: FileFacts | null): boolean =>
  one === null || other === null
    ? one === other
    : one.device === other.device && one.inode === other.inode && one.ctimeNs === other.ctimeNs;

/** A name of ours beside something, the same whenever it is asked for. */
function besideOf(path: Buffer, { inode, ctimeNs }: FileFacts): Buffer {
  return joined(parentOf(path), Buffer.from(`.holdfast-${inode}-${ctimeNs}.part`));
}

/** Whether it goes away as a folder. */
const emptiesFolder = ({ kind, before }: FoundChange): boolean =>
  before?.type === 'folder' && (kind === 'removed' || kind === 'replaced');

/**
 * Applies chosen changes of one folder, which have been judged. Each is whole or not at all; cut off in the middle,
 * the same again finishes it: what is the same already is no change, and what we did ourselves is written down first.
 */
export class Application {
  readonly #folder: ComparedFolder;
  readonly #chosen: ReadonlyMap<string, FoundChange>;
  /** Modes that would keep us out until everything is in. */
  readonly #modes: { readonly path: Buffer; readonly mode: number }[] = [];

  constructor(folder: ComparedFolder, chosen: readonly FoundChange[]) {
    this.#folder = folder;
    this.#chosen = new Map(chosen.map((change) => [spelling(change.path), change]));
  }

  /** Whatever speaks against any of them, before the first is applied. */
  async check(): Promise<void> {
    for (const change of this.#chosen.values()) {
      if (change.refusal !== null) throw refused(this.#folder, change.path, change.refusal);
      if (change.kind === 'removed') continue;
      for (const above of foldersAbove(change.path)) {
        if (this.#chosen.has(spelling(above))) continue;
        const facts = await this.#folder.originalFacts(above);
        if (facts === null || facts.type === 'folder') continue;
        const needed = keyOf(this.#folder.original(above));
        throw refused(this.#folder, change.path, `“${needed}” has to be applied with it.`);
      }
    }
  }

  /** `place`: where to write down what is done. Answers with the paths, in their order. */
  async run(place: string): Promise<Buffer[]> {
    const { applied, files } = this.#folder;
    await removeAside(this.#folder);
    const inOrder = [...this.#chosen.values()].toSorted((one, other) => Buffer.compare(one.path, other.path));
    const folders = new Set(
      inOrder.flatMap(({ path }) => [path, Buffer.alloc(0), ...foldersAbove(path)].map(spelling)),
    );
    const aside = inOrder
      .filter(emptiesFolder)
      .flatMap(({ path, before }) => (before === null ? [] : [spelling(besideOf(path, before))]));
    applied.begun = { folders, aside };
    await writeAppliedWork(place, applied);
    for (const change of inOrder) await this.#apply(change);
    for (const { path, mode } of this.#modes.toReversed())
      await files.setMode(this.#folder.original(path), mode);
    for (const name of folders) {
      const facts = await this.#folder.originalFacts(unspelled(name));
      if (facts?.type === 'folder') applied.times.set(name, facts.ctimeNs);
    }
    applied.begun = null;
    await writeAppliedWork(place, applied);
    return inOrder.map(({ path }) => path);
  }

  async #apply(change: FoundChange): Promise<void> {
    const { files } = this.#folder;
    const { path, kind, before, after } = change;
    const to = this.#folder.original(path);
    const now = await factsOrNull(files, to);
    const folderStays = before?.type === 'folder' && now?.type === 'folder' && before.inode === now.inode;
    // What we did inside a folder has changed its time; what it is has not.
    if (!isSame(before, now) && !(kind === 'mode' && folderStays))
      throw refused(this.#folder, path, 'The original changed while the changes were being applied.');
    if (emptiesFolder(change) && before !== null) await this.#removeFolder(path, before);
    else if (kind === 'removed' || (before !== null && after?.type === 'folder' && before.type !== 'folder'))
      await files.remove(to);
    if (after === null) return;
    await this.#makeFoldersAbove(path);
    if (kind === 'mode') await this.#setMode(path, after);
    else if (after.type === 'folder') await this.#makeFolder(path, after);
    else if (after.type === 'link') await this.#link(path, after, change.target ?? Buffer.alloc(0));
    else await files.copy(this.#folder.changed(path), to);
  }

  /** Gone at once; what it held is removed after that. */
  async #removeFolder(path: Buffer, before: FileFacts): Promise<void> {
    const aside = this.#folder.original(besideOf(path, before));
    await this.#folder.files.rename(this.#folder.original(path), aside);
    await this.#folder.files.remove(aside, { recursive: true });
  }

  async #setMode(path: Buffer, { mode, type }: FileFacts): Promise<void> {
    if (type === 'folder') this.#modes.push({ path, mode: mode & 0o777 });
    else await this.#folder.files.setMode(this.#folder.original(path), mode & 0o777);
  }

  async #makeFolder(path: Buffer, { mode }: FileFacts): Promise<void> {
    await this.#folder.files.makeFolder(this.#folder.original(path), (mode & 0o777) | ownerMayFill);
    this.#modes.push({ path, mode: mode & 0o777 });
  }

  /** What a chosen file lies in comes with it. */
  async #makeFoldersAbove(path: Buffer): Promise<void> {
    for (const above of foldersAbove(path)) {
      if ((await this.#folder.originalFacts(above)) !== null) continue;
      const facts = await factsOrNull(this.#folder.files, this.#folder.changed(above));
      if (facts?.type !== 'folder') throw refused(this.#folder, path, 'The folder it lies in is gone.');
      await this.#makeFolder(above, facts);
    }
  }

  /** A link is made beside and takes the name, so that there is always one or the other. One left there is ours. */
  async #link(path: Buffer, after: FileFacts, target: Buffer): Promise<void> {
    const { files } = this.#folder;
    const beside = this.#folder.original(besideOf(path, after));
    if ((await factsOrNull(files, beside)) !== null) await files.remove(beside);
    await files.link(target, beside);
    await files.rename(beside, this.#folder.original(path));
  }
}

/** What an applying that was cut off had put aside. */
export async function removeAside(folder: ComparedFolder): Promise<void> {
  for (const name of folder.applied.begun?.aside ?? []) {
    const path = folder.original(unspelled(name));
    if ((await factsOrNull(folder.files, path)) !== null)
      await folder.files.remove(path, { recursive: true });
  }
}

function refused(folder: ComparedFolder, path: Buffer, why: string): Problem {
  return new Problem(
    'conflict',
    `“${folder.original(path).toString()}” cannot be applied: ${why}`,
    'Apply the other changes by name, or discard them.',
  );
}
