import type { Agent } from '../../../shared/agent.ts';
import { agentSessionWishSchema } from '../../../shared/agent-session.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import type { ChildWish } from '../../tools/hands.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import { childOfCall, openSessionOfAgent } from '../agent-session-rows.ts';
import { stricterLevel, wantedAgent } from './child-agent.ts';
import type { ChildHouse } from './children.ts';
import { type AgentSessionFacts, sharedVersion } from './facts.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import type { BudgetsAbove } from './live-needs.ts';
import type { LiveSessions } from './live-sessions.ts';
import { paidBy } from './paid-by.ts';
import type { SandboxKeeper, SharedVersion } from './sandbox-keeper.ts';
import { VersionTurns } from './version-turns.ts';

const system: Actor = { kind: 'system' };

/** Never as the person is called, whatever an agent’s name is. */
const agentAsSender = (name: string) => `agent ${name}`;

/** Sessions that agents start, and what they have from those that started them. */
export class ChildSessions implements ChildHouse {
  readonly #parts: AgentSessionParts;
  readonly #sessions: Pick<LiveSessions, 'known' | 'of' | 'begin' | 'endNow'>;
  readonly #turns = new VersionTurns();

  constructor(parts: AgentSessionParts, sessions: Pick<LiveSessions, 'known' | 'of' | 'begin' | 'endNow'>) {
    this.#parts = parts;
    this.#sessions = sessions;
  }

  async agent(wanted: ChildWish['agent']): Promise<Agent> {
    return wantedAgent(this.#parts.agents, wanted);
  }

  async openChild(
    parent: LiveAgentSession,
    call: Id<'call'>,
    place: number,
  ): Promise<LiveAgentSession | null> {
    const [row] = this.#parts.record.rows(childOfCall, parent.id, call, place);
    if (!row || row['activity'] === 'ended') return null;
    const child = await this.#sessions.of(String(row['id']) as Id<'session'>);
    // It was opened and never heard what it is for: it is begun anew.
    const { turn, waiting, lastTurn } = child.conversation;
    if (!turn && waiting.length === 0 && !lastTurn) {
      await this.#sessions.endNow(child, 'it never began', 'ended', system);
      return null;
    }
    return child;
  }

  async begin(
    parent: LiveAgentSession,
    child: { agent: Agent; call: Id<'call'>; place: number; message: string },
  ): Promise<LiveAgentSession> {
    const { agent, call, place, message } = child;
    const wish = agentSessionWishSchema.parse({
      agent: agent.name,
      title: message.slice(0, 80).trim() || null,
    });
    const by: Actor = { kind: 'agent', id: parent.facts.agent.name };
    const approvals = stricterLevel(parent.needs.changeable.approvals, agent.approvals);
    const live = await this.#sessions.begin(agent, { ...wish, approvals }, by, { parent, call, place });
    await live.send([{ kind: 'text', text: message }], agentAsSender(parent.facts.agent.name), by);
    return live;
  }

  async deliver(from: LiveAgentSession, to: string, text: string): Promise<boolean> {
    const [row] = this.#parts.record.rows(openSessionOfAgent, to);
    if (!row) return false;
    const { agent, id } = from.facts;
    const by: Actor = { kind: 'agent', id: agent.name };
    const scope = { session: id, agent: agent.name };
    await this.#parts.record.append({
      kind: 'message.sent',
      actor: by,
      scope,
      data: { from: agent.name, to },
    });
    const live = await this.#sessions.of(String(row['id']) as Id<'session'>);
    await live.send(
      [{ kind: 'text', text: `[Message from the agent ${agent.name}, not from the person]\n${text}` }],
      agentAsSender(agent.name),
      by,
    );
    return true;
  }

  /** What a child spends, those that it was started from spend too, whether they have a bound by now or not. */
  budgetsAbove(id: Id<'session'> | null): BudgetsAbove {
    const live = id === null ? undefined : this.#sessions.known(id);
    if (!live) return { agents: [], sessions: [], run: null };
    const { tokens = null, micros = null } = live.needs.changeable.budget ?? {};
    const { name, budget } = live.facts.agent;
    const above = paidBy(live.facts.payer, this.budgetsAbove(live.facts.parent));
    const { runBudget } = live.needs.changeable;
    return {
      run: runBudget ?? above.run,
      agents: [{ agent: name, limit: budget }, ...above.agents],
      sessions: [{ session: live.id, tokens, micros }, ...above.sessions],
    };
  }

  end(child: LiveAgentSession, stopReason: string): Promise<void> {
    return this.#sessions.endNow(child, 'it is done', stopReason, system);
  }

  /** How a sandbox takes turns with others of its run; null where it has versions of its own. */
  sharing(facts: AgentSessionFacts): SharedVersion | null {
    if (sharedVersion(facts) === null) return null;
    const parent = facts.parent === null ? undefined : this.#sessions.known(facts.parent);
    return { turns: this.#turns, above: parent?.needs.sandbox ?? null };
  }

  /** A child works in its parent’s sandbox where that reaches no host that the child may not reach. */
  sharedSandbox({ parent, hosts, sandbox }: AgentSessionFacts): SandboxKeeper | null {
    const live = parent === null ? undefined : this.#sessions.known(parent);
    if (!live || live.facts.sandbox !== sandbox) return null;
    const same =
      live.facts.hosts.length === hosts.length && live.facts.hosts.every((host) => hosts.includes(host));
    return same ? live.needs.sandbox : null;
  }
}
