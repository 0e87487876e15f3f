/** A file's facts as its file system has them. */
export interface FileFacts {
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly device: bigint;
  readonly inode: bigint;
  readonly links: number;
}

export interface FolderEntry {
  /** As the file system has it: names need not be UTF-8. */
  readonly name: Buffer;
  readonly facts: FileFacts;
}

/** One entry of a whole tree, folders before what is in them. */
export interface TreeEntry {
  /** Below the folder that was asked for, without a leading slash. */
  readonly path: Buffer;
  readonly facts: FileFacts;
  /** Where a link leads. */
  readonly target: Buffer | null;
  /** What an overlay says of it: a name that was removed, a folder that hides the one below. */
  readonly overlay: 'none' | 'whiteout' | 'opaque';
  /** Whether it was copied up from the original, not made new. */
  readonly copiedUp: boolean;
}

export type WriteHow =
  /** A new file beside it that takes its name when whole: nobody sees half of it. Keeps the old one's mode. */
  | { readonly how: 'replace'; readonly mode?: number }
  | { readonly how: 'append' }
  /** Refused where something bears the name. */
  | { readonly how: 'create'; readonly mode?: number };

/**
 * The file tools of a sandbox, carried out by the helper inside it. No path may lead through a link: give real
 * paths, such as an authorisation returns. What comes back is untrusted. Failures are `Problem`s: not_found,
 * forbidden, conflict, too_large, invalid_input, storage_full.
 */
export interface SandboxFiles {
  read(
    path: string | Buffer,
    options?: { offset?: number; most?: number },
  ): Promise<{ bytes: Buffer; size: number }>;
  write(path: string | Buffer, bytes: Uint8Array, how: WriteHow): Promise<void>;
  list(
    path: string | Buffer,
    options?: { most?: number },
  ): Promise<{ entries: FolderEntry[]; more: boolean }>;
  facts(path: string | Buffer): Promise<FileFacts>;
  /** Where a link leads. */
  target(path: string | Buffer): Promise<Buffer>;
  walk(path: string | Buffer, options?: { signal?: AbortSignal }): AsyncIterable<TreeEntry>;
  makeFolder(path: string | Buffer, mode?: number): Promise<void>;
  /** Of a file or folder; never more than reading, writing and running for its owner, group and others. */
  setMode(path: string | Buffer, mode: number): Promise<void>;
  link(target: Buffer, path: string | Buffer): Promise<void>;
  remove(path: string | Buffer, options?: { recursive?: boolean }): Promise<void>;
  rename(from: string | Buffer, to: string | Buffer): Promise<void>;
  /** Whole, with its mode, as a clone where the file system can; takes the name only when whole. */
  copy(from: string | Buffer, to: string | Buffer): Promise<void>;
  /** Whether two files hold the same bytes. */
  same(one: string | Buffer, other: string | Buffer): Promise<boolean>;
}
