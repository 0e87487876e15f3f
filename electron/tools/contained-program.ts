import type { HostPattern } from '../../shared/capability/host-pattern.ts';
import type { Id } from '../../shared/ids.ts';
import type { FolderWish } from '../../shared/session.ts';
import type { EgressGate } from '../sandbox/egress.ts';
import type { RunningCommand } from '../sandbox/sandbox.ts';

/** A program that works for as long as it is needed, with exactly this and nothing else. */
export interface ContainedWish {
  /** Whose name its rights and connections have. */
  readonly session: Id<'session'>;
  readonly argv: readonly string[];
  /** Secrets among them: told to the program alone. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: readonly FolderWish[];
  readonly hosts: readonly HostPattern[];
  readonly cwd: string | null;
}

export interface ContainedProgram {
  readonly running: RunningCommand;
  /** What holds it in, in words. */
  readonly layers: readonly string[];
  /** Ends it with everything it started, and takes its rights. */
  close(reason: string): Promise<void>;
}

/** The way to some hosts, and no further. */
export interface WayOut {
  readonly gate: EgressGate;
  close(reason: string): Promise<void>;
}

/** What is contained needs sessions’ way of doing it: rights issued, folders opened, connections on the record. */
export interface Containing {
  run(wish: ContainedWish, signal: AbortSignal): Promise<ContainedProgram>;
  /** For what runs elsewhere and is reached from here. */
  wayOut(session: Id<'session'>, hosts: readonly HostPattern[]): Promise<WayOut>;
  /** What a killed life left: its rights are taken, its scratch is removed. */
  forget(session: Id<'session'>): Promise<void>;
}
