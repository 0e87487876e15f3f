import type { Capability } from '../../../shared/capability.ts';
import { writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import { deedOf } from '../../../shared/capability/words.ts';
import type { FolderWish } from '../../../shared/session.ts';

/** What a plan asks for beyond its ceiling, as far as a ceiling could hold it. */
export class Wants {
  readonly #words = new Map<string, string[]>();
  readonly #folders = new Map<string, FolderWish>();
  readonly #hosts = new Set<string>();

  add(part: string, wanted: readonly Capability[]): void {
    for (const capability of wanted) {
      if (!this.#note(capability)) continue;
      const folder = folderAround(capability);
      // Whoever agrees to a file agrees to what has to be granted for it, and every part is granted the same.
      const words = `${deedOf(capability)}${folder === null ? '' : `, by granting all of ${folder}`}`;
      const parts = this.#words.get(words);
      if (parts) parts.push(part);
      else this.#words.set(words, [part]);
    }
  }

  words(): string[] {
    return [...this.#words].map(([deed, parts]) => {
      const more = parts.length - 3;
      return `${deed} (${parts.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
    });
  }

  asCeiling(): { folders: FolderWish[]; hosts: string[] } {
    return { folders: [...this.#folders.values()], hosts: [...this.#hosts] };
  }

  #note(capability: Capability): boolean {
    switch (capability.kind) {
      case 'file_read':
        return this.#folder(capability.path, 'ro');
      case 'file_write':
        return this.#folder(capability.path, 'rw');
      case 'cargo_run':
      case 'git_commit':
        return this.#folder(capability.folder, 'rw');
      case 'network':
        for (const host of capability.hosts) this.#hosts.add(writeHostPattern(host));
        return true;
      case 'custom':
      case 'exec':
      case 'message':
      case 'spawn_agent':
      case 'tool':
      case 'web_search':
        return false;
    }
  }

  #folder(pattern: string, mode: 'ro' | 'rw'): boolean {
    if (pattern === '*') return false;
    // A folder is what is granted: of a file, the one that it lies in.
    const path = pattern.endsWith('/*') ? pattern.slice(0, -2) : pattern.slice(0, pattern.lastIndexOf('/'));
    if (path === '') return false;
    if (mode === 'rw' || !this.#folders.has(path)) this.#folders.set(path, { path, mode });
    return true;
  }
}

/** The folder that is granted for one file; null where the right is not one to a file. */
function folderAround(capability: Capability): string | null {
  if (capability.kind !== 'file_read' && capability.kind !== 'file_write') return null;
  const { path } = capability;
  return path === '*' || path.endsWith('/*') ? null : path.slice(0, path.lastIndexOf('/'));
}
