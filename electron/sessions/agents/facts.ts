import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { ModelRef } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import type { FolderWish, SandboxKind } from '../../../shared/session.ts';

/** What a session with an agent was opened with. */
export interface AgentSessionFacts {
  readonly id: Id<'session'>;
  readonly agent: Agent;
  /** By where they really lie. */
  readonly folders: readonly FolderWish[];
  /** As capabilities write them. */
  readonly hosts: readonly string[];
  readonly sandbox: SandboxKind;
  readonly unattended: 'wait' | 'deny';
  readonly parent: Id<'session'> | null;
  readonly depth: number;
}

/** What may be changed while it is open. */
export interface ChangeableFacts {
  title: string;
  model: ModelRef | null;
  approvals: ApprovalLevel;
  budget: AgentSessionWish['budget'];
}
