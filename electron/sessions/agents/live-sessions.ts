import type { Agent } from '../../../shared/agent.ts';
import { type AgentSessionWish, agentSessionWishSchema } from '../../../shared/agent-session.ts';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { refuseNever } from '../../approvals/never-level.ts';
import type { Cell } from '../../audit/projection.ts';
import { newId } from '../../base/ids.ts';
import type { EndedToken } from '../../capabilities/endings.ts';
import type { ChildWish } from '../../tools/hands.ts';
import type { LiveLook } from '../agent-session-row.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import { childOfCall, childrenOfCall, openChildren, openSessionOfAgent } from '../agent-session-rows.ts';
import { SessionRights } from '../preparing/session-rights.ts';
import { putAway } from '../running/putting-away.ts';
import { SessionFolder } from '../session-folder.ts';
import type { AgentLook } from './agent-look.ts';
import { narrowedAgent, stricterLevel, wantedAgent } from './child-agent.ts';
import { childHands, type ChildHouse } from './children.ts';
import { outcomeOfTurn } from './ending.ts';
import type { AgentSessionFacts } from './facts.ts';
import { RecordJournal } from './journal/record-journal.ts';
import type { BudgetsAbove, LiveAgentSession, RoomsAtWork } from './live-agent-session.ts';
import { loadSession, makeLive } from './load-session.ts';
import { foldersOf, hostsOf, rightsOf } from './open-wish.ts';
import type { SandboxKeeper } from './sandbox-keeper.ts';

const mostOpen = 200;
/** So long a call that runs has to end by itself, in milliseconds. */
const grace = 10_000;
const system: Actor = { kind: 'system' };

export interface Parentage {
  readonly parent: LiveAgentSession;
  readonly call: Id<'call'>;
  readonly place: number;
}

/** Never as the person is called, whatever an agent’s name is. */
const agentAsSender = (name: string) => `agent ${name}`;

/** The sessions with agents that are at work in this life, and how they come to it and go from it. */
export class LiveSessions {
  readonly #parts: AgentSessionParts;
  readonly #changed: (id: string) => void;
  readonly #live = new Map<string, LiveAgentSession>();
  readonly #loading = new Map<string, Promise<LiveAgentSession>>();
  readonly #ending = new Map<string, Promise<void>>();
  #closing = false;
  /** Set by whoever has both. */
  rows!: Pick<AgentLook, 'row' | 'idOf'>;

  constructor(parts: AgentSessionParts, changed: (id: string) => void) {
    this.#parts = parts;
    this.#changed = (id) => {
      changed(id);
      this.#live.get(id)?.desk.tellChanged();
    };
  }

  known(id: string): LiveAgentSession | undefined {
    return this.#live.get(id);
  }

  look(id: string): LiveLook | undefined {
    return this.#live.get(id)?.look;
  }

  /** One that is open, taken up from the record where this life does not have it yet. */
  async of(id: Id<'session'>): Promise<LiveAgentSession> {
    const live = this.#live.get(id);
    if (live) return live;
    this.#refuseWhileClosing();
    const row = this.rows.row(id);
    if (row.activity === 'ended') {
      throw new Problem('conflict', 'The session has ended.', 'Open another one.');
    }
    const loading = this.#loading.get(id) ?? this.#load(row);
    this.#loading.set(id, loading);
    return loading;
  }

  /** What was erased of a session is in its memory no longer, also of one that is being taken up right now. */
  forget(id: string, seq: number, blobs: ReadonlySet<string>): void {
    this.#live.get(id)?.conversation.forget(seq, blobs);
    void this.#loading.get(id)?.then(
      ({ conversation }) => conversation.forget(seq, blobs),
      () => undefined,
    );
  }

  async begin(
    wanted: Agent,
    wish: AgentSessionWish,
    by: Actor,
    parentage: Parentage | null,
  ): Promise<LiveAgentSession> {
    this.#refuseWhileClosing();
    if (this.#live.size >= mostOpen) {
      throw new Problem(
        'too_many',
        `${mostOpen} sessions with agents are at work already.`,
        'Stop one with `holdfast stop ID`.',
      );
    }
    const rooms = await this.#rooms();
    const above = parentage?.parent.facts ?? null;
    const agent = above ? narrowedAgent(wanted, above.agent) : wanted;
    const folders = above ? [...above.folders] : await foldersOf(this.#parts, agent, wish, this.#parts.home);
    const hosts = above ? agent.network : hostsOf(agent, wish);
    const id = newId('session', this.#parts.clock.now());
    const facts: AgentSessionFacts = {
      id,
      agent,
      folders,
      hosts: [...hosts],
      sandbox: above?.sandbox ?? wish.sandbox ?? agent.sandbox.kind,
      unattended: above?.unattended ?? wish.unattended,
      parent: above?.id ?? null,
      depth: above ? above.depth + 1 : 0,
    };
    const approvals = wish.approvals ?? agent.approvals;
    if (approvals === 'never') refuseNever({ folders, hosts: facts.hosts, contained: true });
    const { title, model, budget } = wish;
    const row = { title: title ?? agent.name, model, approvals, budget };
    await this.#issue(facts, row, by, parentage);
    const journal = new RecordJournal(this.#parts.record, { session: id, agent: agent.name });
    const live = makeLive(
      this.#parts,
      rooms,
      { facts, row, journal, entries: [], paused: false },
      this.#house(),
    );
    this.#live.set(id, live);
    this.#changed(id);
    return live;
  }

  /** Ends it for good: its children first, then its turn, its rights and its sandbox, and what it changed waits. */
  async endNow(
    live: LiveAgentSession,
    reason: string,
    stopReason: string | null,
    by: Actor,
    patient = grace,
  ): Promise<void> {
    const known = this.#ending.get(live.id);
    if (known) return known;
    const ending = this.#endOf(live, reason, stopReason, by, patient).finally(() =>
      this.#ending.delete(live.id),
    );
    this.#ending.set(live.id, ending);
    return ending;
  }

  /** By force it waits for nothing that runs. */
  async end(id: Id<'session'>, reason: string, by: Actor, force = false): Promise<void> {
    const live = await this.#toEnd(id);
    if (force) live?.hurry();
    if (!live) return this.#endLost(id, reason, by);
    const { turn, lastTurn } = live.conversation;
    const stopReason = turn ? 'interrupted' : (lastTurn?.stopReason ?? null);
    return this.endNow(live, reason, stopReason, by, force ? 0 : grace);
  }

  rightEnded({ agent, capability }: EndedToken): void {
    const live = this.#live.get(agent);
    if (!live || this.#ending.has(agent)) return;
    if (capability.kind === 'network') live.needs.sandbox.cutNetwork();
    // What runs was begun under rights that are no more; the next command gets those that are left.
    else if (/^(file_|exec)/.test(capability.kind))
      void live.needs.sandbox.takeDown('a right that it was made for has ended');
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#loading.values());
    await Promise.allSettled(this.#ending.values());
    const all = [...this.#live.values()];
    await Promise.all(
      all.map((live) => {
        const kill = () => live.needs.sandbox.takeDown(null);
        return live.end('Holdfast stops', { goesOn: true, grace: 0, force: false, kill });
      }),
    );
    await Promise.all(all.map((live) => live.needs.sandbox.close()));
    await Promise.all(all.map((live) => live.needs.connections.end()));
    this.#live.clear();
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
    const child = await this.of(String(row['id']) as Id<'session'>);
    // It was opened and never heard what it is for: it is begun anew.
    const { turn, waiting, lastTurn } = child.conversation;
    if (!turn && waiting.length === 0 && !lastTurn) {
      await this.endNow(child, 'it never began', 'ended', system);
      return null;
    }
    return child;
  }

  async beginChild(
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
    const live = await this.begin(agent, { ...wish, approvals }, by, { parent, call, place });
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
    const live = await this.of(String(row['id']) as Id<'session'>);
    await live.send(
      [{ kind: 'text', text: `[Message from the agent ${agent.name}, not from the person]\n${text}` }],
      agentAsSender(agent.name),
      by,
    );
    return true;
  }

  async #endOf(
    live: LiveAgentSession,
    reason: string,
    stopReason: string | null,
    by: Actor,
    patient: number,
  ): Promise<void> {
    const { facts, rights, sandbox, connections, rooms } = live.needs;
    const { id } = facts;
    const own = this.#house().sandboxOf(facts) === null;
    const kill = () => (own ? sandbox.close() : Promise.resolve());
    await this.#endAll(this.#parts.record.rows(openChildren, id), reason, by, patient === 0);
    await live.end(reason, { goesOn: false, grace: patient, force: patient === 0, kill });
    await rooms.approvals.withdraw(id, reason);
    await rooms.hands.ended(id);
    if (own) await sandbox.close();
    await connections.end();
    const { started } = this.rows.row(id);
    await putAway(this.#parts, {
      session: id,
      folder: new SessionFolder(this.#parts.data, id),
      rights,
      outcome: outcomeOfTurn(stopReason),
      begun: new Date(started),
      underReview: own && facts.folders.some(({ mode }) => mode === 'review') ? 'counted' : 'no',
      transcript: null,
      invoked: null,
    });
    this.#live.delete(id);
    this.#changed(id);
  }

  /** Null for one that cannot be taken up any more; ended it can be all the same. */
  async #toEnd(id: Id<'session'>): Promise<LiveAgentSession | null> {
    try {
      return await this.of(id);
    } catch (thrown) {
      if (this.#closing || this.rows.row(id).activity === 'ended') throw thrown;
      this.#parts.log.warn({ err: thrown, session: id }, 'a session that is to end cannot be taken up');
      return null;
    }
  }

  async #endLost(id: Id<'session'>, reason: string, by: Actor): Promise<void> {
    await this.#endAll(this.#parts.record.rows(openChildren, id), reason, by, true);
    const { approvals, hands } = await this.#rooms();
    await approvals.withdraw(id, reason);
    await hands.ended(id);
    const { started, opened } = this.rows.row(id);
    await putAway(this.#parts, {
      session: id,
      folder: new SessionFolder(this.#parts.data, id),
      rights: new SessionRights(this.#parts.tokens, id),
      outcome: outcomeOfTurn('interrupted'),
      begun: new Date(started),
      underReview: opened.folders.some(({ mode }) => mode === 'review') ? 'counted' : 'no',
      transcript: null,
      invoked: null,
    });
    this.#changed(id);
  }

  async #endAll(
    children: readonly Readonly<Record<string, Cell>>[],
    reason: string,
    by: Actor,
    force: boolean,
  ): Promise<void> {
    await Promise.all(
      children.map(({ id }) =>
        this.end(String(id) as Id<'session'>, reason, by, force).catch((failure: unknown) =>
          this.#parts.log.error({ err: failure, session: id }, 'a child could not be ended'),
        ),
      ),
    );
  }

  async #load(row: ReturnType<AgentLook['row']>): Promise<LiveAgentSession> {
    try {
      if (row.opened.parent !== null) await this.of(row.opened.parent);
      const live = await loadSession(this.#parts, await this.#rooms(), row, this.#house());
      this.#live.set(row.id, live);
      this.#changed(row.id);
      return live;
    } finally {
      this.#loading.delete(row.id);
    }
  }

  async #issue(
    facts: AgentSessionFacts,
    row: Pick<ReturnType<AgentLook['row']>, 'title' | 'model' | 'approvals' | 'budget'>,
    by: Actor,
    parentage: Parentage | null,
  ): Promise<void> {
    const { id, agent, folders, hosts, sandbox, unattended, parent, depth } = facts;
    const rights = new SessionRights(this.#parts.tokens, id);
    const opened: Draft = {
      kind: 'session.opened',
      actor: by,
      scope: { session: id, agent: agent.name },
      data: {
        agent: agent.name,
        sandbox,
        folders: [...folders],
        hosts: [...hosts],
        unattended,
        parent,
        depth,
        ...row,
        parentCall: parentage?.call ?? null,
        ...(parentage ? { parentPlace: parentage.place } : {}),
      },
      blobs: [{ name: 'agent.json', type: 'application/json', content: Buffer.from(JSON.stringify(agent)) }],
    };
    const wanted = rightsOf(agent, folders, hosts);
    const handOn = parentage?.parent.needs.rights.handOn(id, wanted, by);
    try {
      // Refused before anything is on the record where the parent does not hold it itself.
      await handOn;
      await Promise.all([this.#parts.record.append(opened), handOn ? null : rights.issue(wanted, by)]);
    } catch (thrown) {
      await rights.end('the session could not begin', system).catch((failure: unknown) => {
        this.#parts.log.error(
          { err: failure, session: id },
          'the rights of a session that never began remain',
        );
      });
      throw thrown;
    }
  }

  #house() {
    return {
      changed: this.#changed,
      budgetsAbove: (parent: Id<'session'> | null) => this.#budgetsOf(parent),
      endChildren: (parent: Id<'session'>, call: Id<'call'>, reason: string) =>
        this.#endAll(this.#parts.record.rows(childrenOfCall, parent, call), reason, system, true),
      children: (live: LiveAgentSession) => (call: Id<'call'>) => childHands(this.#asHouse(), live, call),
      sandboxOf: (facts: AgentSessionFacts): SandboxKeeper | null => this.#sharedSandbox(facts),
    };
  }

  /** What a child spends, those that it was started from spend too, whether they have a bound by now or not. */
  #budgetsOf(id: Id<'session'> | null): BudgetsAbove {
    const live = id === null ? undefined : this.#live.get(id);
    if (!live) return { agents: [], sessions: [] };
    const { tokens = null, micros = null } = live.needs.changeable.budget ?? {};
    const { name, budget } = live.facts.agent;
    const above = this.#budgetsOf(live.facts.parent);
    return {
      agents: [{ agent: name, limit: budget }, ...above.agents],
      sessions: [{ session: live.id, tokens, micros }, ...above.sessions],
    };
  }

  #asHouse(): ChildHouse {
    return {
      agent: (wanted) => this.agent(wanted),
      openChild: (parent, call, place) => this.openChild(parent, call, place),
      begin: (parent, child) => this.beginChild(parent, child),
      end: (child, stopReason) => this.endNow(child, 'it is done', stopReason, system),
      deliver: (from, to, text) => this.deliver(from, to, text),
    };
  }

  /** A child works in its parent’s sandbox where that reaches no host that the child may not reach. */
  #sharedSandbox({ parent, hosts, sandbox }: AgentSessionFacts): SandboxKeeper | null {
    const live = parent === null ? undefined : this.#live.get(parent);
    if (!live || live.facts.sandbox !== sandbox) return null;
    const same =
      live.facts.hosts.length === hosts.length && live.facts.hosts.every((host) => hosts.includes(host));
    return same ? live.needs.sandbox : null;
  }

  async #rooms(): Promise<RoomsAtWork> {
    const { models, approvals, tools, hands } = this.#parts;
    const [one, two, three, four] = await Promise.all([models(), approvals(), tools(), hands()]);
    return { models: one, approvals: two, tools: three, hands: four };
  }

  #refuseWhileClosing(): void {
    if (!this.#closing) return;
    throw new Problem(
      'unavailable',
      'Holdfast is stopping and starts nothing new.',
      'Start it again with `holdfast serve`.',
    );
  }
}
