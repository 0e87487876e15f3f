import { Problem } from '../../../shared/problem.ts';
import type { FileFacts, SandboxFiles } from '../files.ts';
import { longestPath } from '../helper/payload-writer.ts';
import type { AppliedWork } from './applied-work.ts';
import type { KeptFolder } from './kept-folder.ts';
import { joined, spelling } from './path-key.ts';

/** What lies deeper is not walked. */
const deepest = 900;

/** A folder under review as the comparing sandbox sees it: the original at its path, the sandbox’s version beside. */
export class ComparedFolder {
  readonly files: SandboxFiles;
  readonly kept: KeptFolder;
  /** Where the sandbox’s own version stands: an upper layer, or a whole copy. */
  readonly version: string;
  /** What the original held when it was copied; null for an overlay. */
  readonly names: ReadonlySet<string> | null;
  /** What we changed ourselves is no change of anybody else’s. */
  readonly applied: AppliedWork;
  readonly #started: bigint;

  constructor(parts: {
    files: SandboxFiles;
    kept: KeptFolder;
    version: string;
    names: ReadonlySet<string> | null;
    applied: AppliedWork;
  }) {
    this.files = parts.files;
    this.kept = parts.kept;
    this.version = parts.version;
    this.names = parts.names;
    this.applied = parts.applied;
    this.#started = BigInt(parts.kept.startedNs);
  }

  original(path: Buffer): Buffer {
    return joined(this.kept.path, path);
  }

  changed(path: Buffer): Buffer {
    return joined(this.version, path);
  }

  /** Whether file tools can be told of it at both its places. A program makes deeper ones step by step. */
  isWithinReach(path: Buffer): boolean {
    if (path.toString('latin1').split('/').length >= deepest) return false;
    return Math.max(this.original(path).length, this.changed(path).length) <= longestPath;
  }

  originalFacts(path: Buffer): Promise<FileFacts | null> {
    return factsOrNull(this.files, this.original(path));
  }

  /** Whether somebody else changed it after the session had begun. */
  changedMeanwhile(path: Buffer, facts: FileFacts): boolean {
    return facts.ctimeNs >= this.#started && this.applied.times.get(spelling(path)) !== facts.ctimeNs;
  }

  /**
   * The same of a folder’s own names and mode. Where applying was cut off in it, its time is ours, and says nothing.
   */
  folderChangedMeanwhile(path: Buffer, facts: FileFacts): boolean {
    return this.changedMeanwhile(path, facts) && this.applied.begun?.folders.has(spelling(path)) !== true;
  }

  /** Whether anybody changed it or anything that it holds. */
  async changedWithin(path: Buffer, facts: FileFacts, signal?: AbortSignal): Promise<boolean> {
    if (this.changedMeanwhile(path, facts)) return true;
    if (facts.type !== 'folder') return false;
    const options = signal === undefined ? {} : { signal };
    for await (const entry of this.files.walk(this.original(path), options)) {
      if (this.changedMeanwhile(joined(path, entry.path), entry.facts)) return true;
    }
    return false;
  }
}

export async function factsOrNull(files: SandboxFiles, path: Buffer): Promise<FileFacts | null> {
  try {
    return await files.facts(path);
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'not_found') return null;
    throw thrown;
  }
}
