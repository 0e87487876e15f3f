import type { Readable, Writable } from 'node:stream';
import type { Command, RunningCommand } from '../sandbox.ts';
import type { Egress } from '../egress.ts';
import type { SandboxFiles } from '../files.ts';

/** What the helper puts on itself, for good, before anything else. Sent in its first frame. */
export interface Confinement {
  /** Paths inside, by what may be done with everything below them; all of them must be there. Rights add up. */
  readonly read: readonly string[];
  /** Read, and run as programs. */
  readonly execute: readonly string[];
  /** Read, change, make and remove. */
  readonly write: readonly string[];
  /** Read, write and control; in a folder also make the marks by which an overlay hides, which nothing else may. */
  readonly devices: readonly string[];
  /** Those of the paths above that a command keeps whose own rights are narrower: the system’s folders, /proc, /dev. */
  readonly always: readonly string[];
  /** The least Landlock version; 0: none is needed because the executor says what holds instead. */
  readonly landlock: number;
  /** The program of the system-call filter. */
  readonly filter: Uint8Array;
  readonly rlimits: Readonly<Partial<Record<RlimitName, number>>>;
  /** Where its proxy listens on the sandbox’s loopback; null: none. */
  readonly proxyPort: number | null;
  /** Whether descriptor 3 is the slave of a terminal. */
  readonly terminal: boolean;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

export type RlimitName = 'as' | 'core' | 'cpu' | 'data' | 'fsize' | 'memlock' | 'nofile' | 'nproc' | 'stack';

export interface HelperReady {
  /** The Landlock version in force; 0 where there is none. */
  readonly landlock: number;
  readonly pid: number;
  /** Device and inode of each path of `read` and `write`, as seen from inside: whether they are the ones that were meant. */
  readonly places: ReadonlyMap<string, { device: bigint; inode: bigint }>;
}

export interface HelperStreams {
  readonly toHelper: Writable;
  readonly fromHelper: Readable;
  /** Ends the whole sandbox at once: called when the helper breaks its word. */
  readonly kill: (why: string) => void;
}

/** This side of one helper. Every frame it sends is untrusted and bounded; the first bad one ends the sandbox. */
export interface Helper {
  readonly ready: Promise<HelperReady>;
  readonly files: SandboxFiles;
  exec(command: Command): Promise<RunningCommand>;
  /** The same on descriptor 3; its output comes by the terminal's master, so `output` is empty. */
  execOnTerminal(command: Command): Promise<RunningCommand>;
  /** The helper is gone: every waiting call is rejected with this reason. */
  gone(reason: string): void;
}

export type StartHelper = (streams: HelperStreams, confinement: Confinement, egress: Egress | null) => Helper;
