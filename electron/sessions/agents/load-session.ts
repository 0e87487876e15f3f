import { agentSchema } from '../../../shared/agent.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { Conversation } from '../../agents/conversation.ts';
import type { Written } from '../../agents/journal.ts';
import type { AgentSessionRow } from '../agent-session-row.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import { SessionRights } from '../preparing/session-rights.ts';
import { Connections } from '../running/connections.ts';
import type { AgentSessionFacts, ChangeableFacts } from './facts.ts';
import { eventsOf, readBlobOf, RecordJournal } from './journal/record-journal.ts';
import { LiveAgentSession } from './live-agent-session.ts';
import type { LiveNeeds, RoomsAtWork } from './live-needs.ts';
import { SandboxKeeper, type SharedVersion } from './sandbox-keeper.ts';

/** How many of a session’s first events are looked through for the one that opened it. */
const among = 500;

type House = Pick<LiveNeeds, 'children' | 'endChildren'> & {
  readonly budgetsAbove: (parent: Id<'session'> | null) => ReturnType<LiveNeeds['budgetsAbove']>;
  readonly changed: (id: string) => void;
  /** Whose sandbox it works in, where that is not its own. */
  readonly sandboxOf: (facts: AgentSessionFacts) => SandboxKeeper | null;
  /** How its own takes turns with others on what they all work on; null where it works on what is its own. */
  readonly shared: (facts: AgentSessionFacts) => SharedVersion | null;
};

/** A session as it was left, ready to go on; what was lost with the life before is written down first. */
export async function loadSession(
  parts: AgentSessionParts,
  rooms: RoomsAtWork,
  row: AgentSessionRow,
  house: House,
): Promise<LiveAgentSession> {
  const facts = await factsOf(parts, row);
  const journal = new RecordJournal(parts.record, { session: facts.id, agent: facts.agent.name });
  const { entries, sandboxed } = await journal.read();
  const resumed = await resumption(rooms, journal, facts, { entries, sandboxed });
  const paused = row.activity === 'paused';
  const { runBudget = null } = row.opened;
  const made = { facts, row: { ...row, runBudget }, journal, entries: [...entries, ...resumed], paused };
  return makeLive(parts, rooms, made, house);
}

export function makeLive(
  parts: AgentSessionParts,
  rooms: RoomsAtWork,
  made: {
    facts: AgentSessionFacts;
    row: Pick<AgentSessionRow, 'title' | 'model' | 'approvals' | 'budget'> &
      Pick<ChangeableFacts, 'runBudget'>;
    journal: RecordJournal;
    entries: readonly Written[];
    paused: boolean;
  },
  house: House,
): LiveAgentSession {
  const { facts, journal, entries, paused } = made;
  const { title, model, approvals, budget, runBudget = null } = made.row;
  const rights = new SessionRights(parts.tokens, facts.id, facts.part);
  const connections = new Connections({ ...parts, session: facts.id });
  const changed = () => house.changed(facts.id);
  const keeper = () =>
    new SandboxKeeper({ parts, facts, rights, connections, changed, shared: house.shared(facts) });
  const sandbox = house.sandboxOf(facts) ?? keeper();
  return new LiveAgentSession({
    parts,
    rooms,
    facts,
    rights,
    connections,
    sandbox,
    journal,
    entries,
    paused,
    changed,
    changeable: { title, model, approvals, budget, runBudget },
    budgetsAbove: () => house.budgetsAbove(facts.parent),
    children: house.children,
    endChildren: house.endChildren,
  });
}

async function factsOf(parts: AgentSessionParts, row: AgentSessionRow): Promise<AgentSessionFacts> {
  const { id, opened } = row;
  const event = await openingOf(parts, id);
  const text = event && (await readBlobOf(parts.record)(event, 'agent.json'));
  const agent = text === null ? null : agentSchema.safeParse(JSON.parse(text)).data;
  if (!agent) {
    throw new Problem(
      'conflict',
      'What agent this session is with is no longer on the record, so it cannot go on.',
      'Open another session.',
    );
  }
  const {
    folders: given,
    hosts,
    sandbox,
    unattended,
    parent,
    depth,
    runFolder = null,
    reviewed = null,
    payer = null,
  } = opened;
  const folders = runFolder === null ? given : [...given, { path: runFolder, mode: 'rw' as const }];
  const { run, subtask } = event?.scope ?? {};
  const part = run && subtask ? { run, subtask } : null;
  return { id, agent, folders, hosts, sandbox, unattended, parent, depth, part, runFolder, reviewed, payer };
}

async function openingOf(parts: AgentSessionParts, id: Id<'session'>): Promise<RecordedEvent | null> {
  let seen = 0;
  for await (const event of eventsOf(parts.record, id, -1, Infinity)) {
    if (event.kind === 'session.opened') return event;
    if (++seen >= among) return null;
  }
  return null;
}

async function resumption(
  rooms: RoomsAtWork,
  journal: RecordJournal,
  { id }: AgentSessionFacts,
  { entries, sandboxed }: { entries: readonly Written[]; sandboxed: boolean },
): Promise<readonly Written[]> {
  const before = new Conversation();
  before.apply(entries);
  const unknown = before.openCalls.flatMap(({ part, invoked }) =>
    invoked && !invoked.repeatable ? [part.call] : [],
  );
  const lost = [
    ...(sandboxed
      ? ['the sandbox, with every process in it and what lay below /tmp; it is made anew when needed']
      : []),
    ...(await rooms.hands.lost(id)),
  ];
  if (!before.turn && lost.length === 0) return [];
  return journal.write([{ kind: 'resumed', lost, unknown }]);
}
