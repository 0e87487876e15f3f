import { Problem } from '../../../shared/problem.ts';
import type { FileFacts, SandboxFiles } from '../files.ts';
import type { KeptFolder } from './kept-folder.ts';
import { joined, spelling } from './path-key.ts';

/** A folder under review as the comparing sandbox sees it: the original at its path, the sandbox’s version beside. */
export class ComparedFolder {
  readonly files: SandboxFiles;
  readonly kept: KeptFolder;
  /** Where the sandbox’s own version stands: an upper layer, or a whole copy. */
  readonly version: string;
  /** What the original held when it was copied; null for an overlay. */
  readonly names: ReadonlySet<string> | null;
  /** How we left what we changed ourselves, by path: no change of anybody else’s. */
  readonly left: Map<string, bigint>;
  readonly #started: bigint;

  constructor(parts: {
    files: SandboxFiles;
    kept: KeptFolder;
    version: string;
    names: ReadonlySet<string> | null;
    left: Map<string, bigint>;
  }) {
    this.files = parts.files;
    this.kept = parts.kept;
    this.version = parts.version;
    this.names = parts.names;
    this.left = parts.left;
    this.#started = BigInt(parts.kept.startedNs);
  }

  original(path: Buffer): Buffer {
    return joined(this.kept.path, path);
  }

  changed(path: Buffer): Buffer {
    return joined(this.version, path);
  }

  originalFacts(path: Buffer): Promise<FileFacts | null> {
    return factsOrNull(this.files, this.original(path));
  }

  /** Whether somebody else changed it after the session had begun. */
  changedMeanwhile(path: Buffer, facts: FileFacts): boolean {
    return facts.ctimeNs >= this.#started && this.left.get(spelling(path)) !== facts.ctimeNs;
  }

  /** The same of everything that a folder holds. */
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
