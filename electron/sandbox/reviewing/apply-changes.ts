import { Problem } from '../../../shared/problem.ts';
import type { FileFacts } from '../files.ts';
import { type ComparedFolder, factsOrNull } from './compared-folder.ts';
import type { FoundChange } from './found-change.ts';
import { joined, keyOf, parentOf, spelling } from './path-key.ts';

const ownerMayFill = 0o700;

/** The folders above a path that are part of the sandbox’s version, the outermost first. */
function foldersAbove(path: Buffer): Buffer[] {
  const above: Buffer[] = [];
  for (let parent = parentOf(path); parent.length > 0; parent = parentOf(parent)) above.unshift(parent);
  return above;
}

const isSame = (one: FileFacts | null, other: FileFacts | null): boolean =>
  one === null || other === null
    ? one === other
    : one.device === other.device && one.inode === other.inode && one.ctimeNs === other.ctimeNs;

/**
 * Applies chosen changes of one folder, which have been judged. Each is whole or not at all; cut off in the middle,
 * the same again finishes it, since what is the same already is no change.
 */
export class Application {
  readonly #folder: ComparedFolder;
  readonly #chosen: ReadonlyMap<string, FoundChange>;
  /** Folders whose time is ours now. */
  readonly #touched = new Map<string, Buffer>();
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

  async run(): Promise<Buffer[]> {
    const inOrder = [...this.#chosen.values()].toSorted((one, other) => Buffer.compare(one.path, other.path));
    for (const change of inOrder) await this.#apply(change);
    for (const { path, mode } of this.#modes.toReversed()) {
      await this.#folder.files.setMode(this.#folder.original(path), mode);
      this.#touched.set(spelling(path), path);
    }
    await this.#remember();
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
    if (kind === 'removed') return this.#remove(path);
    if (after === null) return;
    await this.#makeFoldersAbove(path);
    if (kind === 'mode') return this.#setMode(path, after);
    if (before !== null && (before.type === 'folder') !== (after.type === 'folder')) await this.#remove(path);
    if (after.type === 'folder') await this.#makeFolder(path, after);
    else if (after.type === 'link') await this.#link(path, after, change.target ?? Buffer.alloc(0));
    else await files.copy(this.#folder.changed(path), to);
    this.#touch(path);
  }

  async #remove(path: Buffer): Promise<void> {
    await this.#folder.files.remove(this.#folder.original(path), { recursive: true });
    this.#touch(path);
  }

  async #setMode(path: Buffer, { mode, type }: FileFacts): Promise<void> {
    if (type === 'folder') this.#modes.push({ path, mode: mode & 0o777 });
    else await this.#folder.files.setMode(this.#folder.original(path), mode & 0o777);
  }

  async #makeFolder(path: Buffer, { mode }: FileFacts): Promise<void> {
    await this.#folder.files.makeFolder(this.#folder.original(path), (mode & 0o777) | ownerMayFill);
    this.#modes.push({ path, mode: mode & 0o777 });
    this.#touch(path);
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
  async #link(path: Buffer, { inode, ctimeNs }: FileFacts, target: Buffer): Promise<void> {
    const { files } = this.#folder;
    const beside = joined(
      this.#folder.original(parentOf(path)),
      Buffer.from(`.holdfast-${inode}-${ctimeNs}.part`),
    );
    if ((await factsOrNull(files, beside)) !== null) await files.remove(beside);
    await files.link(target, beside);
    await files.rename(beside, this.#folder.original(path));
  }

  #touch(path: Buffer): void {
    const parent = parentOf(path);
    this.#touched.set(spelling(parent), parent);
  }

  /** So that our own work in a folder is not taken for somebody else’s when the rest is applied. */
  async #remember(): Promise<void> {
    for (const path of this.#touched.values()) {
      const facts = await this.#folder.originalFacts(path);
      if (facts !== null) this.#folder.left.set(spelling(path), facts.ctimeNs);
    }
  }
}

function refused(folder: ComparedFolder, path: Buffer, why: string): Problem {
  return new Problem(
    'conflict',
    `“${folder.original(path).toString()}” cannot be applied: ${why}`,
    'Apply the other changes by name, or discard them.',
  );
}
