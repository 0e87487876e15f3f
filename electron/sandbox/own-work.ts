import type { Id } from '../../shared/ids.ts';
import type { GrantedFolder, Sandbox } from './sandbox.ts';

/** A folder of Holdfast's own, never one that a person named. */
export interface OwnPlace {
  readonly path: string;
  /** Where it stands inside. */
  readonly at: string;
  readonly writable: boolean;
  /** Whether an overlay’s layer is written there, with the marks of what it hides. */
  readonly layer?: boolean;
}

/** What Holdfast itself does to a tree that a sandbox wrote, such as comparing and applying: in a sandbox too. */
export interface OwnWork {
  readonly session: Id<'session'>;
  /** Of the person's, opened: read for comparing, written for applying. */
  readonly folders: readonly GrantedFolder[];
  readonly own: readonly OwnPlace[];
  readonly masked: readonly string[];
}

/** Without a network, without secrets, for its file tools alone. Whoever opens it tears it down. */
export type OpenOwnSandbox = (work: OwnWork) => Promise<Sandbox>;
