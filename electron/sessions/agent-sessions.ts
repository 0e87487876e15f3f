import type { z } from 'zod';
import type {
  AgentSession,
  AgentSessionWish,
  SessionNews,
  TranscriptEntry,
} from '../../shared/agent-session.ts';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { ContentPart, ModelRef } from '../../shared/conversation.ts';
import type { FolderChanges } from '../../shared/contract/reviewing.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { sandboxLimitsSchema, type Session } from '../../shared/session.ts';
import type { Settlement } from '../agents/journal.ts';
import { refuseNever } from '../approvals/never-level.ts';
import type { PlannedCall } from '../approvals/asking.ts';
import { Owner } from '../base/owner.ts';
import type { AgentSessionParts } from './agent-session-parts.ts';
import { agentSessionsToResume } from './agent-session-rows.ts';
import { AgentLook } from './agents/agent-look.ts';
import { CarriedSubtasks } from './agents/carrying/carried-subtasks.ts';
import { LiveSessions } from './agents/live-sessions.ts';
import { noticingRecord } from './agents/noticing-record.ts';
import { followSession } from './agents/transcript/follow-session.ts';
import { SessionFeeds } from './agents/transcript/session-feeds.ts';
import { TranscriptPages } from './agents/transcript/pages.ts';
import { type Reviewed, reviewedSession, Reviews } from './reviews.ts';
import { LoopTurns } from './looking/loop-turns.ts';
import { SessionWatch } from './looking/session-watch.ts';
import type { SubtaskSessions } from './subtask-sessions.ts';

const mostParts = 12 * 1024 * 1024;

/** Sessions with agents: a conversation each, durable at every step, whose effects happen in one sandbox. */
export class AgentSessions {
  readonly #parts: AgentSessionParts;
  readonly #look: AgentLook;
  readonly #live: LiveSessions;
  readonly #turns = new LoopTurns();
  readonly #watch: SessionWatch;
  readonly #feeds: SessionFeeds;
  readonly #reviews: Reviews;
  readonly #owner = new Owner();
  /** Of runs, each carried out by one of these. */
  readonly subtasks: SubtaskSessions;
  #resuming: Promise<void> = Promise.resolve();

  private constructor(given: AgentSessionParts) {
    const record = noticingRecord(given.record, (id) => this.#look.forget(id));
    const parts = { ...given, record };
    this.#parts = parts;
    this.#watch = new SessionWatch(parts.clock, this.#turns);
    this.#feeds = new SessionFeeds(parts.record, (id) => this.#pages(id));
    this.#reviews = new Reviews(parts);
    this.#live = new LiveSessions(parts, (id) => this.#watch.changed(id));
    this.subtasks = new CarriedSubtasks(parts, this.#live);
    this.#look = new AgentLook(parts.record, parts.log, (id) => this.#live.look(id));
    this.#live.rows = this.#look;
  }

  /** With the sessions of earlier lives: those that were at work go on, the others when somebody asks. */
  static open(parts: AgentSessionParts): AgentSessions {
    const sessions = new AgentSessions(parts);
    sessions.#owner.own(
      parts.tokens.onEnded((ended) => {
        for (const token of ended) sessions.#live.rightEnded(token);
      }),
    );
    sessions.#owner.own(
      parts.record.onErased(({ event, blobs }) => {
        const { session } = event.scope;
        if (session !== undefined) sessions.#live.forget(session, event.seq, blobs);
      }),
    );
    const left = parts.record.rows(agentSessionsToResume).map(({ id }) => String(id));
    sessions.#resuming = sessions.#resumeAll(left);
    return sessions;
  }

  /** Resolves when what earlier lives left at work has been taken up, or could not be. */
  get resumed(): Promise<void> {
    return this.#resuming;
  }

  async open(wish: AgentSessionWish, by: Actor): Promise<AgentSession> {
    const agent = await this.#parts.agents.get(wish.agent);
    const live = await this.#live.begin(agent, agentSessionWishSchema.parse(wish), by, null);
    return this.get(live.id);
  }

  list(question: { most: number; agent?: string | undefined }): AgentSession[] {
    return this.#look.newest(question.most, question.agent);
  }

  get(beginning: string): AgentSession {
    return this.#look.named(beginning);
  }

  /** Whether such a session is one of these. */
  has(beginning: string): boolean {
    return this.#look.idOf(beginning) !== null;
  }

  async *watch(signal: AbortSignal): AsyncGenerator<AgentSession, void> {
    const changes = this.#watch.follow(signal);
    const first = changes.next();
    yield* this.#look.open();
    // Each as it is when the watcher comes to it: one that is slow misses what was meanwhile, never how it is.
    for (let next = await first; !next.done; next = await changes.next()) yield this.get(next.value);
  }

  async transcript(
    session: string,
    before: number | undefined,
    most: number,
  ): Promise<{ entries: TranscriptEntry[]; before: number | null }> {
    const id = this.#look.existing(session);
    return (await this.#pages(id)).before(before ?? Number.MAX_SAFE_INTEGER, most);
  }

  async find(session: string, text: string): Promise<{ seq: number; line: string }[]> {
    const id = this.#look.existing(session);
    return (await this.#pages(id)).find(text);
  }

  async *follow(
    session: string,
    after: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<SessionNews, void> {
    const { id, activity } = this.get(session);
    const live = activity === 'ended' ? null : await this.#live.of(id);
    const followed = { id, feeds: this.#feeds, turns: this.#turns, live, get: () => this.get(id) };
    yield* followSession(followed, after, signal);
  }

  async call(
    session: string,
    call: Id<'call'>,
  ): Promise<{ input: z.core.util.JSONType; result: ContentPart[] | null }> {
    const id = this.#look.existing(session);
    return (await this.#pages(id)).whole(call);
  }

  async send(session: string, parts: readonly ContentPart[], by: Actor): Promise<{ seq: number }> {
    const id = this.#look.existing(session);
    if (JSON.stringify(parts).length > mostParts) {
      throw new Problem(
        'too_large',
        `A message has at most ${mostParts} bytes.`,
        'Send less, or name a file.',
      );
    }
    const live = await this.#live.of(id);
    return { seq: await live.send(parts, by.kind === 'operator' ? 'you' : (by.id ?? by.kind), by) };
  }

  /** A call that waits for the person, as its session would make it; null where it does not. */
  async planned(session: Id<'session'>, call: Id<'call'>): Promise<PlannedCall | null> {
    const live = await this.#live.of(session);
    return live.planned(call);
  }

  async pause(session: string, by: Actor): Promise<AgentSession> {
    const live = await this.#live.of(this.#look.existing(session));
    await live.pause(by);
    return this.get(live.id);
  }

  async resume(session: string, by: Actor): Promise<AgentSession> {
    const live = await this.#live.of(this.#look.existing(session));
    await live.resume(by);
    return this.get(live.id);
  }

  async interrupt(session: string): Promise<AgentSession> {
    const live = await this.#live.of(this.#look.existing(session));
    await live.interrupt('A person ended the turn.');
    return this.get(live.id);
  }

  /** What runs has a moment to end by itself, unless it is stopped by force; either way it is over when this resolves. */
  async stop(session: string, by: Actor, force = false): Promise<AgentSession> {
    const { id, activity } = this.get(session);
    if (activity !== 'ended') {
      const whom = by.kind === 'operator' ? 'a person' : 'a client';
      await this.#live.end(id, `stopped by ${whom}`, by, force);
    }
    return this.get(id);
  }

  async settle(session: string, call: Id<'call'>, decision: Settlement, by: Actor): Promise<AgentSession> {
    const live = await this.#live.of(this.#look.existing(session));
    await live.settle(call, decision, by);
    return this.get(live.id);
  }

  async alter(
    session: string,
    change: {
      title?: string | undefined;
      model?: ModelRef | undefined;
      approvals?: AgentSession['approvals'] | undefined;
      budget?: AgentSessionWish['budget'] | undefined;
    },
    by: Actor,
  ): Promise<AgentSession> {
    const { id, folders, hosts } = this.get(session);
    const live = await this.#live.of(id);
    if (change.approvals === 'never') refuseNever({ folders, hosts, contained: true });
    const data = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const scope = { session: id, agent: live.facts.agent.name };
    await this.#parts.record.append({ kind: 'session.changed', actor: by, scope, data });
    Object.assign(live.needs.changeable, data);
    this.#watch.changed(id);
    return this.get(id);
  }

  /** What it may spend from now on; a bound that is not named stays as it is. */
  async raise(
    session: string,
    { tokens, micros }: { tokens?: number | undefined; micros?: number | undefined },
    by: Actor,
  ): Promise<AgentSession> {
    const { budget } = (await this.#live.of(this.#look.existing(session))).needs.changeable;
    const raised = { tokens: tokens ?? budget?.tokens ?? null, micros: micros ?? budget?.micros ?? null };
    return this.alter(session, { budget: raised }, by);
  }

  async changes(session: string): Promise<FolderChanges[]> {
    return this.#reviews.changes(this.#toReview(session));
  }

  async change(session: string, key: string) {
    return this.#reviews.text(this.#toReview(session), key);
  }

  async apply(session: string, keys: readonly string[] | null, by: Actor) {
    const { id } = this.get(session);
    const done = await this.#reviews.apply(this.#toReview(id), keys, by);
    this.#watch.changed(id);
    return { ...done, session: this.#reviewed(id) };
  }

  async discard(session: string, by: Actor): Promise<Session> {
    const { id } = this.get(session);
    await this.#reviews.discard(this.#toReview(id), by);
    this.#watch.changed(id);
    return this.#reviewed(id);
  }

  #toReview(session: string): Reviewed {
    return reviewedSession(this.#parts, this.#reviewed(session));
  }

  /** One as a session whose changes can be decided on. */
  #reviewed(beginning: string): Session {
    const session = this.get(beginning);
    const { id, agent, folders, hosts, sandbox, rights, started, ended, outcome, review, activity } = session;
    const limits = sandboxLimitsSchema.parse({});
    const waits = review === 'waiting' || review === 'partly_applied';
    return {
      id,
      folders,
      hosts,
      sandbox,
      rights,
      started,
      ended,
      outcome,
      review,
      limits,
      state: activity === 'ended' ? (waits ? 'reviewing' : 'ended') : 'running',
      argv: [`agent ${agent}`],
      image: null,
      terminal: false,
      layers: [],
      viewers: 0,
      progress: null,
      work: null,
    };
  }

  /** Nothing new is taken up; what is under way is gone on with by the next life. */
  async close(): Promise<void> {
    await this.#owner.close();
    await this.#live.close();
    await this.#resuming;
  }

  async #pages(id: Id<'session'>): Promise<TranscriptPages> {
    const tools = [...(await this.#parts.tools()), ...(this.#parts.served?.tools() ?? [])];
    const waits = (call: Id<'call'>) => this.#live.known(id)?.approvalOf(call) ?? null;
    return new TranscriptPages(this.#parts.record, id, tools, waits);
  }

  async #resumeAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      try {
        const live = await this.#live.of(id as Id<'session'>);
        live.wake();
      } catch (failure) {
        this.#parts.log.error(
          { err: failure, session: id },
          'a session with an agent could not be gone on with',
        );
      }
    }
  }
}
