import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { ModelRef } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import type { RunPayer } from '../../../shared/run.ts';
import type { FolderWish, SandboxKind } from '../../../shared/session.ts';
import type { SpendLimit } from '../../models/models.ts';
import type { SessionPart } from '../preparing/session-rights.ts';
import { RunVersion } from '../run-version.ts';
import { SessionFolder } from '../session-folder.ts';

/** What a session with an agent was opened with. */
export interface AgentSessionFacts {
  readonly id: Id<'session'>;
  readonly agent: Agent;
  /** By where they really lie; that of its run among them, as the last. */
  readonly folders: readonly FolderWish[];
  /** As capabilities write them. */
  readonly hosts: readonly string[];
  readonly sandbox: SandboxKind;
  readonly unattended: 'wait' | 'deny';
  readonly parent: Id<'session'> | null;
  readonly depth: number;
  readonly part: SessionPart | null;
  /** The folder of its run, which is Holdfast's own and thrown away; null: it has none. */
  readonly runFolder: string | null;
  /** Folders of which its run keeps one version for all its parts; null: what it writes is its own to review. */
  readonly reviewed: readonly string[] | null;
  /** Who pays for the run that it is a part of, beside that run; null: nobody, or whoever pays for its parent. */
  readonly payer: RunPayer | null;
}

/** The run whose version of folders under review it works on; null: its own. */
export function sharedVersion({
  part,
  reviewed,
}: Pick<AgentSessionFacts, 'part' | 'reviewed'>): Id<'run'> | null {
  return part !== null && reviewed !== null ? part.run : null;
}

/** Where what it writes in folders under review is kept. */
export function keptOf(data: string, facts: Pick<AgentSessionFacts, 'id' | 'part' | 'reviewed'>): string {
  const run = sharedVersion(facts);
  return run === null ? new SessionFolder(data, facts.id).kept : new RunVersion(data, run).kept;
}

/** Whether its own end is where a person is asked about what it wrote. */
export function reviewsItself(facts: Pick<AgentSessionFacts, 'folders' | 'part' | 'reviewed'>): boolean {
  return sharedVersion(facts) === null && facts.folders.some(({ mode }) => mode === 'review');
}

/** Of the folders those that a person gave: what is written there is not thrown away. */
export function givenFolders({
  folders,
  runFolder,
}: Pick<AgentSessionFacts, 'folders' | 'runFolder'>): readonly FolderWish[] {
  return runFolder === null ? folders : folders.filter(({ path }) => path !== runFolder);
}

/** What may be changed while it is open. */
export interface ChangeableFacts {
  /** What its whole run may spend. */
  runBudget?: SpendLimit | null;
  title: string;
  model: ModelRef | null;
  approvals: ApprovalLevel;
  budget: AgentSessionWish['budget'];
}
