import type { Change, FolderChanges } from '../../shared/contract/reviewing.ts';

/** What became of the changes of one folder. */
export interface Applied {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly left: number;
}

/** Compares what a review kept with the person’s folders, and applies it; nothing of it runs on the host. */
export interface Reviewer {
  changes(kept: string): Promise<FolderChanges[]>;
  text(kept: string, key: string): Promise<{ path: string; text: string | null; why: string | null }>;
  /** All or those named; refused as a whole (`Problem`) where one of them cannot be applied. */
  apply(kept: string, keys: readonly Change['key'][] | null): Promise<Applied[]>;
  /** The same changes once more at another place, for somebody else to go on with; whole, or not at all. */
  copy(kept: string, to: string, signal: AbortSignal): Promise<void>;
  /** Removes what was kept. */
  discard(kept: string): Promise<void>;
}
