import type { Id } from '../../../shared/ids.ts';
import type { Written } from '../../agents/journal.ts';
import type { Approvals } from '../../approvals/asking.ts';
import type { CallBudgets, Models, SpendLimit } from '../../models/models.ts';
import type { Tool } from '../../tools/tool.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import type { HandMakers } from '../hand-makers.ts';
import type { SessionRights } from '../preparing/session-rights.ts';
import type { Connections } from '../running/connections.ts';
import type { AgentSessionFacts, ChangeableFacts } from './facts.ts';
import type { ChildMaking } from './hands/call-hands.ts';
import type { RecordJournal } from './journal/record-journal.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import type { SandboxKeeper } from './sandbox-keeper.ts';

/** The rooms that a session at work needs, each built by then. */
export interface RoomsAtWork {
  readonly models: Models;
  readonly approvals: Approvals;
  /** Those that are there now: some come and go with their servers. */
  readonly tools: readonly Tool[];
  readonly toolsReady: () => Promise<void>;
  readonly hands: HandMakers;
}

export interface BudgetsAbove extends Required<Pick<CallBudgets, 'agents' | 'sessions'>> {
  /** Of the whole run that they are a part of. */
  readonly run: SpendLimit | null;
}

export interface LiveNeeds {
  readonly parts: AgentSessionParts;
  readonly rooms: RoomsAtWork;
  readonly facts: AgentSessionFacts;
  readonly changeable: ChangeableFacts;
  readonly rights: SessionRights;
  readonly connections: Connections;
  readonly sandbox: SandboxKeeper;
  readonly journal: RecordJournal;
  readonly entries: readonly Written[];
  readonly paused: boolean;
  /** The budgets of those that it was started from. */
  readonly budgetsAbove: () => BudgetsAbove;
  readonly children: (live: LiveAgentSession) => ChildMaking;
  /** Ends what a call had started and left open. */
  readonly endChildren: (parent: Id<'session'>, call: Id<'call'>, reason: string) => Promise<void>;
  /** Called when what is shown of it has changed. */
  readonly changed: () => void;
}

export interface HowToEnd {
  readonly goesOn: boolean;
  /** So many milliseconds a call that runs has to end by itself. */
  readonly grace: number;
  /** What runs is taken away at once, not only where it does not end when it is told to. */
  readonly force: boolean;
  /** Takes away what it works in, so that nothing can go on in it. */
  readonly kill: () => Promise<void>;
}
