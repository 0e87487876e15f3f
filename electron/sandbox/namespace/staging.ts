import type { Account } from './account.ts';

/**
 * What is mounted before bubblewrap runs, by our own helper: overlays, which it cannot, and folders of Holdfast's own
 * that the account of the sandbox has no way to.
 */
export class Staging {
  readonly #argv: string[] = [];
  readonly #descriptors: number[] = [];
  #count = 0;

  /** Where one of Holdfast's own folders then stands. */
  place(path: string): string {
    const name = this.#name();
    this.#argv.push('--place', name, path);
    return shownAt(name);
  }

  /** Where a folder then stands with an overlay over it; `upper` and `work` lie in the place. */
  overlay(folder: { readonly path: string; readonly fd: number }, place: string): string {
    return this.#laid('--overlay', folder, place);
  }

  /** The same to read only: what lies in `upper` stays as it is, and several may be shown it. */
  layers(folder: { readonly path: string; readonly fd: number }, place: string): string {
    return this.#laid('--layers', folder, place);
  }

  #laid(how: string, folder: { readonly path: string; readonly fd: number }, place: string): string {
    const name = this.#name();
    this.#descriptors.push(folder.fd);
    this.#argv.push(how, name, `@${this.#descriptors.length - 1}`, folder.path, nameOf(place));
    return shownAt(name);
  }

  /** The helper's arguments with descriptors as `@0`; null where nothing is to be staged. */
  arguments(account: Account | null): Staged | null {
    if (this.#argv.length === 0) return null;
    const who = account ? asAccount(account) : [];
    return { argv: [...who, ...this.#argv], descriptors: this.#descriptors };
  }

  #name(): string {
    return `p${this.#count++}`;
  }
}

export interface Staged {
  readonly argv: readonly string[];
  readonly descriptors: readonly number[];
}

/** By which the helper becomes that account. */
export const asAccount = ({ uid, gid }: Account) => ['--account', String(uid), String(gid)];

const shownAt = (name: string) => `/sys/${name}`;
const nameOf = (place: string) => place.slice('/sys/'.length);
