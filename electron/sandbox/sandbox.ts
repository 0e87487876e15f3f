import type { FolderMode, SandboxKind, SandboxLimits, SandboxLayer } from '../../shared/session.ts';
import type { Id } from '../../shared/ids.ts';
import type { MachineFinding } from '../../shared/contract/house.ts';
import type { EgressGate } from './egress.ts';
import type { SandboxFiles } from './files.ts';
import type { Images } from './images.ts';

/** A folder of the person's, held open: it is this descriptor that is bound, whatever happens to the path. */
export interface GrantedFolder {
  /** Its real path; inside the sandbox it stands at the same one, where `at` names no other. */
  readonly path: string;
  /** Another place inside; never for a folder under review. */
  readonly at?: string | undefined;
  /** An O_PATH descriptor, owned by the caller and open until the sandbox has started. */
  readonly fd: number;
  readonly mode: FolderMode;
  /**
   * Of a folder that is only read: as `kept` has it where others wrote on a version of it, and nobody writes there
   * meanwhile; as it is where there is none.
   */
  readonly reviewed?: boolean;
}

/** A folder of Holdfast's own that its code gives a sandbox: never one that somebody wished for. */
export interface OwnFolder {
  /** Its real path; inside the sandbox it stands at the same one, where `at` names no other, whatever else is hidden there. */
  readonly path: string;
  readonly at?: string | undefined;
  /** To write in, unless this says no. */
  readonly writable?: boolean | undefined;
  /** Whether what is written there counts as the session's, where its disk has a total. */
  readonly counted?: boolean | undefined;
  /** An O_PATH descriptor, owned by the caller and open until the sandbox has started. */
  readonly fd: number;
}

/** Everything that is fixed when a sandbox starts. A wider right needs another sandbox. */
export interface SandboxPlan {
  readonly session: Id<'session'>;
  readonly folders: readonly GrantedFolder[];
  readonly own?: readonly OwnFolder[];
  /** Where its home stands; the name of its account is the last word of it. Without one, the same for all. */
  readonly home?: string | undefined;
  /** Asked for each connection; null: there is no network at all. */
  readonly egress: EgressGate | null;
  /** TCP on the sandbox's own loopback, where `egress` alone would not bring it. */
  readonly loopback: boolean;
  /** AF_UNIX sockets of its own, for toolchains that need them. */
  readonly unixSockets: boolean;
  readonly limits: SandboxLimits;
  /** For a container: a name or digest; null: the base image made here. */
  readonly image: string | null;
  /** Whether a terminal will be opened in it, and how large at first. */
  readonly terminal: TerminalSize | null;
  /** Added to the little that every sandbox has; never secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files below /run/secrets, by name. They are never in arguments, logs, events or `inspect`. */
  readonly secrets: Readonly<Record<string, Uint8Array>>;
  /** Holdfast's own places: hidden inside every grant, and refused as a grant. */
  readonly masked: readonly string[];
  /** This session's own folder below the data folder: scratch that ends with it. */
  readonly scratch: string;
  /** Where what a review keeps lies: it outlives the sandbox until the person has decided. */
  readonly kept: string;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What one command may do, less than its session at most. Without `rights` it may do what its session may. */
export interface Command {
  readonly argv: readonly string[];
  /** An absolute path inside; null: the first folder, or the home. */
  readonly cwd?: string | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly rights?: CommandRights | undefined;
  /** After this it is killed with everything it started, and its end says so. */
  readonly timeoutMs?: number;
}

/** Real paths; whatever is below them is meant. The system's own folders stay readable and executable. */
export interface CommandRights {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** How a command ended. A signal's number is never mistaken for an exit code. */
export type CommandEnd =
  /** With a reason where the sandbox knows more than the command could say. */
  | { readonly how: 'exited'; readonly code: number; readonly reason?: string }
  | { readonly how: 'signalled'; readonly signal: number; readonly reason?: string }
  | { readonly how: 'timed_out' }
  | { readonly how: 'cancelled' }
  /** It never ran: no such program (127) or not executable (126). */
  | { readonly how: 'not_started'; readonly code: 126 | 127; readonly reason: string }
  /** The sandbox itself went away under it. */
  | { readonly how: 'lost'; readonly reason: string };

/** A command at work. Nothing is buffered without bound: it waits while nobody takes its output. */
export interface RunningCommand {
  /** Chunks in order, until the end. Taken by one reader only. */
  readonly output: AsyncIterable<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }>;
  readonly ended: Promise<CommandEnd>;
  /** Resolves when the sandbox has taken it. */
  write(bytes: Uint8Array): Promise<void>;
  endInput(): void;
  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGHUP'): void;
  /** Ends it and everything that it started. */
  cancel(): void;
}

/** The same on a terminal: one stream of output, and a size. */
export interface RunningTerminal extends Omit<RunningCommand, 'output' | 'endInput'> {
  /** False where there are only pipes instead; `why` says what would mend it. */
  readonly isTerminal: boolean;
  readonly why: string | null;
  readonly output: AsyncIterable<Uint8Array>;
  resize(size: TerminalSize): void;
}

export type SandboxEnd =
  | { readonly how: 'stopped' }
  /** A limit that a watchdog keeps, or the executor’s own failure. */
  | { readonly how: 'ended'; readonly reason: string };

/** A started sandbox. Closing belongs to whoever started it: `teardown`, once, whatever happened before. */
export interface Sandbox {
  readonly kind: SandboxKind;
  /** What holds here, layer by layer; it was checked, not assumed. */
  readonly layers: readonly SandboxLayer[];
  /** Where the helper's proxy listens inside; null without a network. */
  readonly proxy: string | null;
  readonly files: SandboxFiles;
  readonly ended: Promise<SandboxEnd>;
  exec(command: Command): Promise<RunningCommand>;
  /** At most one in a sandbox, and only where the plan asked for it. */
  terminal(command: Command): Promise<RunningTerminal>;
  /** Ends every command: asks first, kills after the grace. */
  stop(graceMs: number): Promise<void>;
  /** Removes whatever it used: processes, mounts, containers, scratch, secrets. What a review keeps stays. */
  teardown(): Promise<void>;
}

/** Hears in words what takes its time, and how far it has come. */
export type Told = (words: string) => void;

/** What prepare has made ready; nothing of the agent has run yet. */
export interface PreparedSandbox {
  start(): Promise<Sandbox>;
  /** Where it is not to be started after all. */
  teardown(): Promise<void>;
}

export interface Reconciled {
  /** What was left by a life that was killed, in words, one entry for each thing removed. */
  readonly removed: readonly string[];
}

/** One way to contain. `namespace` and `container` mean exactly the same by each word of it. */
export interface Executor {
  readonly kind: SandboxKind;
  /** Of what it can make sandboxes, where that is made here. */
  readonly images?: Images;
  /** Each layer: there, missing, why, and the mend. Asks the real thing, for example the engine itself. */
  look(): Promise<MachineFinding[]>;
  /** Refuses (`Problem` with a mend) whatever it cannot enforce. */
  prepare(plan: SandboxPlan, signal: AbortSignal, told?: Told): Promise<PreparedSandbox>;
  /** At the start of a life: removes what a killed one of this data folder left behind, and nothing else. */
  reconcile(): Promise<Reconciled>;
  close(): Promise<void>;
}
