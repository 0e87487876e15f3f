import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { ModelRef } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import type { FolderWish, SandboxKind } from '../../../shared/session.ts';
import type { SpendLimit } from '../../models/models.ts';
import type { SessionPart } from '../preparing/session-rights.ts';

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
