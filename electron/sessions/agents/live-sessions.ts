import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { refuseCommandAgent } from '../../agents/only-run.ts';
import type { EndedToken } from '../../capabilities/endings.ts';
import type { LiveLook } from '../agent-session-row.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import type { AgentLook } from './agent-look.ts';
import { ChildSessions } from './child-sessions.ts';
import { childHands } from './children.ts';
import { EndingSessions } from './ending-sessions.ts';
import type { AgentSessionFacts } from './facts.ts';
import { RecordJournal } from './journal/record-journal.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import type { RoomsAtWork } from './live-needs.ts';
import { type CarriedPart, factsOfWish, issueSession, type Parentage } from './opening-session.ts';
import { loadSession, makeLive } from './load-session.ts';

const mostOpen = 200;

/** The sessions with agents that are at work in this life, and how they come to it and go from it. */
export class LiveSessions {
  readonly #parts: AgentSessionParts;
  readonly #changed: (id: string) => void;
  readonly #live = new Map<string, LiveAgentSession>();
  readonly #loading = new Map<string, Promise<LiveAgentSession>>();
  readonly #ending: EndingSessions;
  readonly #children: ChildSessions;
  readonly #partHearers = new Map<string, Set<() => void>>();
  #closing = false;
  /** Set by whoever has both. */
  rows!: Pick<AgentLook, 'row' | 'idOf'>;

  constructor(parts: AgentSessionParts, changed: (id: string) => void) {
    this.#parts = parts;
    this.#changed = (id) => {
      changed(id);
      const live = this.#live.get(id);
      live?.desk.tellChanged();
      const subtask = live?.facts.part?.subtask;
      if (subtask !== undefined) for (const heard of this.#partHearers.get(subtask) ?? []) heard();
    };
    this.#children = new ChildSessions(parts, this);
    this.#ending = new EndingSessions({
      parts,
      rooms: () => this.#rooms(),
      row: (id) => this.rows.row(id),
      of: (id) => this.of(id),
      isClosing: () => this.#closing,
      ownsSandbox: ({ facts }) => this.#children.sharedSandbox(facts) === null,
      gone: (id) => {
        this.#live.delete(id);
        this.#changed(id);
      },
    });
  }

  get isClosing(): boolean {
    return this.#closing;
  }

  /** How many questions of a part of a run, and of what that started, wait for a person. */
  asks(subtask: Id<'subtask'>): number {
    let sum = 0;
    for (const { facts, asks } of this.#live.values()) if (facts.part?.subtask === subtask) sum += asks;
    return sum;
  }

  /** Called whenever a session of this part has changed; the function returned ends that. */
  onPartChanged(subtask: Id<'subtask'>, heard: () => void): () => void {
    const hearers = this.#partHearers.get(subtask) ?? new Set();
    this.#partHearers.set(subtask, hearers);
    hearers.add(heard);
    return () => {
      hearers.delete(heard);
      if (hearers.size === 0) this.#partHearers.delete(subtask);
    };
  }

  /** Resolves when it is not being ended any more. */
  settled(id: Id<'session'>): Promise<void> {
    return this.#ending.of(id);
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
    carried: CarriedPart | null = null,
  ): Promise<LiveAgentSession> {
    this.#refuseWhileClosing();
    refuseCommandAgent(wanted);
    if (this.#live.size >= mostOpen) {
      throw new Problem(
        'too_many',
        `${mostOpen} sessions with agents are at work already.`,
        'Stop one with `holdfast stop ID`.',
      );
    }
    const rooms = await this.#rooms();
    const { facts, row } = await factsOfWish(this.#parts, wanted, wish, parentage, carried);
    const { id, agent } = facts;
    await issueSession(this.#parts, facts, row, by, parentage);
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
  endNow(...ending: Parameters<EndingSessions['endNow']>): Promise<void> {
    return this.#ending.endNow(...ending);
  }

  /** By force it waits for nothing that runs. */
  end(...ending: Parameters<EndingSessions['end']>): Promise<void> {
    return this.#ending.end(...ending);
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
    await this.#ending.settled();
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

  #house() {
    const [children, ending] = [this.#children, this.#ending];
    return {
      changed: this.#changed,
      budgetsAbove: (parent: Id<'session'> | null) => children.budgetsAbove(parent),
      endChildren: (...which: Parameters<EndingSessions['endChildren']>) => ending.endChildren(...which),
      children: (live: LiveAgentSession) => (call: Id<'call'>) => childHands(children, live, call),
      sandboxOf: (facts: AgentSessionFacts) => children.sharedSandbox(facts),
      shared: (facts: AgentSessionFacts) => children.sharing(facts),
    };
  }

  async #rooms(): Promise<RoomsAtWork> {
    const { models, approvals, tools, hands, served } = this.#parts;
    const toolsReady = async () => served?.ready();
    const [one, two, three, four] = await Promise.all([
      models(),
      approvals(),
      tools(),
      hands(),
      toolsReady(),
    ]);
    return {
      models: one,
      approvals: two,
      hands: four,
      toolsReady,
      get tools() {
        const more = served?.tools() ?? [];
        return more.length > 0 ? [...three, ...more] : three;
      },
    };
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
