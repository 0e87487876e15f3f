import type { Agent } from '../../shared/agent.ts';
import type { ApprovalLevel } from '../../shared/approval.ts';
import type { ModelRef, Usage } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';
import type { EscalationSignal } from '../../shared/role.ts';
import type { RunOutcome, RunPayer } from '../../shared/run.ts';
import type { FolderWish, SandboxKind } from '../../shared/session.ts';

/** One part of a run, to be carried out by one session. */
export interface SubtaskOrder {
  readonly run: Id<'run'>;
  readonly subtask: Id<'subtask'>;
  readonly name: string;
  /** Resolved: its rights are narrowed already; it may be a scaffold. */
  readonly agent: Agent;
  readonly message: string;
  /** Of the ceiling, by mode. */
  readonly folders: readonly FolderWish[];
  /** Folders under review in the ceiling: of these the run has one version for all its parts. */
  readonly reviewed: readonly string[];
  /** Granted to read and write beside them. */
  readonly runFolder: string;
  readonly hosts: readonly string[];
  readonly sandbox: SandboxKind;
  readonly image: string | null;
  readonly approvals: ApprovalLevel;
  readonly unattended: 'wait' | 'deny';
  /** Of this subtask. */
  readonly budget: { readonly tokens: number | null; readonly micros: number | null } | null;
  /** Of the whole run, shared. */
  readonly runBudget: { readonly tokens: number | null; readonly micros: number | null };
  /** What it spends counts there too; without one nobody but the run pays. */
  readonly payer?: RunPayer | undefined;
  /** Wall clock of this attempt. */
  readonly seconds: number | null;
}

export interface SubtaskEnd {
  readonly session: Id<'session'>;
  readonly outcome: RunOutcome;
  readonly retry: 'timeout' | 'model_error' | 'tool_error' | 'infrastructure' | null;
  readonly answer: string;
  readonly signals: readonly EscalationSignal[];
  readonly usage: Usage;
  readonly cost: number | null;
  readonly model: ModelRef | null;
}

export interface SubtaskHears {
  session(id: Id<'session'>): void;
  /** How many of its questions wait for a person. */
  asking(waits: number): void;
}

/**
 * What runs ask of sessions. An order whose session of an earlier life is open still is gone on with, not begun again;
 * one that had ended before anything told so of its subtask (`subtask.finished`) resolves with how it ended.
 * A `signal` aborted with `new Interrupted(…, true)` leaves the session for the next life; any other abort ends it and
 * its whole tree before the promise settles.
 */
export interface SubtaskSessions {
  carry(order: SubtaskOrder, hears: SubtaskHears, signal: AbortSignal): Promise<SubtaskEnd>;
  /** Another message for a part that has answered (the planner is given its mistakes), with what it answered; resolves with its next answer. */
  say(order: SubtaskOrder, text: string, hears: SubtaskHears, signal: AbortSignal): Promise<SubtaskEnd>;
  /** What the whole run may spend from now on, also for what is at work. */
  raise(run: Id<'run'>, runBudget: SubtaskOrder['runBudget']): void;
  pause(session: Id<'session'>): Promise<void>;
  resume(session: Id<'session'>): Promise<void>;
  /** Ends whatever of a run is open still, also what an earlier life left; resolves when it is. */
  endAll(run: Id<'run'>, reason: string): Promise<void>;
}
