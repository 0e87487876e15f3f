import type { FolderChanges } from '../../shared/contract/reviewing.ts';
import type { Viewed } from '../../shared/contract/sessions.ts';
import type { Actor } from '../../shared/events/event.ts';
import { Problem } from '../../shared/problem.ts';
import type { Session, SessionWish } from '../../shared/session.ts';
import { newId } from '../base/ids.ts';
import { Owner } from '../base/owner.ts';
import type { TerminalSize } from '../sandbox/sandbox.ts';
import { SessionLook } from './looking/session-look.ts';
import { SessionWatch } from './looking/session-watch.ts';
import { closeFolders, openFolders, workingFolder } from './preparing/granted-folders.ts';
import { checkWish } from './preparing/wish-check.ts';
import { endLostSessions, removeLeftovers } from './recovery.ts';
import { type Reviewed, reviewedSession, Reviews } from './reviews.ts';
import { type Asked, type Begun, beginSession } from './running/begin-session.ts';
import type { LiveSession } from './running/live-session.ts';
import type { SessionParts } from './session-parts.ts';
import { UnfinishedEnds } from './unfinished-ends.ts';

/** How many may run at a time. */
const mostAtOnce = 200;
/** How long an ended session's output can still be attached to, and of how many. */
const lingering = 30_000;
const mostLingering = 16;
/** What a session has to end by itself when it is asked to. */
const grace = 10_000;

/** Sessions: one command or terminal of a person in one sandbox each, from the wish to the outcome on the record. */
export class Sessions {
  readonly #parts: SessionParts;
  readonly #look: SessionLook;
  readonly #watch: SessionWatch;
  readonly #reviews: Reviews;
  readonly #live = new Map<string, LiveSession>();
  /** On the record and not live yet. */
  readonly #onTheWay = new Map<string, Promise<unknown>>();
  /** Ended a moment ago, with what forgets them. */
  readonly #ended = new Map<string, { live: LiveSession; forget: () => void }>();
  readonly #over = new Set<Promise<unknown>>();
  readonly #unfinished: UnfinishedEnds;
  readonly #owner = new Owner();
  #beginning = 0;
  #closing = false;
  #closed: Promise<void> | undefined;
  #hurried = false;

  private constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#watch = new SessionWatch(parts.clock);
    this.#look = new SessionLook(parts.record, parts.log, (id) => {
      const live = this.#live.get(id);
      return live && { stopping: live.stopping, viewers: live.viewers.count, progress: live.progress };
    });
    this.#reviews = new Reviews(parts);
    this.#unfinished = new UnfinishedEnds(parts.clock, (id) => this.#watch.changed(id));
  }

  /** With the sessions of earlier lives: those that were killed are ended, and what they left is removed meanwhile. */
  static async open(parts: SessionParts): Promise<Sessions> {
    const sessions = new Sessions(parts);
    await endLostSessions(parts);
    const { removing } = await removeLeftovers(parts);
    sessions.#owner.own(() => removing);
    sessions.#owner.own(
      parts.tokens.onEnded((ended) => {
        for (const token of ended) sessions.#live.get(token.agent)?.rightEnded(token);
      }),
    );
    return sessions;
  }

  /** Resolves when the command is at work. What cannot be enforced here is refused with the mend. */
  async start(wish: SessionWish, by: Actor, signal?: AbortSignal): Promise<Session> {
    this.#refuseMore();
    checkWish(wish, this.#parts.vault);
    this.#beginning++;
    let begun: Begun;
    try {
      begun = await this.#begin(wish, by);
    } finally {
      this.#beginning--;
    }
    const { live, started } = begun;
    const givenUp = () => void live.stop('nobody waited for it any more', 0);
    signal?.addEventListener('abort', givenUp, { once: true });
    if (signal?.aborted || this.#closing) givenUp();
    try {
      await started;
    } finally {
      signal?.removeEventListener('abort', givenUp);
    }
    this.#watch.changed(live.id);
    return this.get(live.id);
  }

  /** Carries out what was made ready elsewhere, its folders open; resolves when it is on the record. */
  async carry(asked: Asked): Promise<Session> {
    try {
      this.#refuseMore();
    } catch (thrown) {
      closeFolders(asked.folders);
      throw thrown;
    }
    this.#beginning++;
    try {
      const { started } = await this.#carried(asked);
      // Whether it came to that, or ended before: whoever watches hears of its end by itself.
      started.then(() => this.#watch.changed(asked.id)).catch(() => undefined);
    } finally {
      this.#beginning--;
    }
    this.#watch.changed(asked.id);
    return this.get(asked.id);
  }

  /** Whether something of it may still be at work. */
  isLive(session: string): boolean {
    return this.#live.has(session) || this.#onTheWay.has(session) || !this.#look.isOver(session);
  }

  /** Tells those who watch that it is to be seen otherwise now. */
  changed(session: string): void {
    this.#watch.changed(session);
  }

  list(most: number): Session[] {
    return this.#look.newest(most);
  }

  /** Whether it is one of these, and not one with an agent. */
  has(beginning: string): boolean {
    return this.#look.knows(beginning);
  }

  get(beginning: string): Session {
    return this.#look.named(beginning);
  }

  /** Each session that runs or waits for a decision, then each again when it changes. */
  async *watch(signal: AbortSignal): AsyncGenerator<Session, void> {
    const changes = this.#watch.follow(signal);
    const first = changes.next();
    yield* this.#look.open();
    for (let next = await first; !next.done; next = await changes.next()) yield this.get(next.value);
  }

  async *attach(
    { session, input, every }: { session: string; input: boolean; every: boolean },
    by: Actor,
    signal: AbortSignal,
  ): AsyncGenerator<Viewed, void> {
    const { id, work } = this.get(session);
    const live = this.#live.get(id) ?? this.#ended.get(id)?.live;
    // It may wait for its place long: how its output comes is known only when its command is at work.
    if (live && work) await Promise.race([live.settled, whenAborted(signal)]);
    if (!live) {
      throw new Problem(
        'conflict',
        'The session has ended.',
        `Its transcript is on the record: \`holdfast events --session ${id}\`.`,
      );
    }
    await this.#parts.record.append({
      kind: 'session.attached',
      actor: by,
      scope: { session: id },
      data: { input },
    });
    yield* live.view({ input, every }, signal);
  }

  taken(session: string, viewer: string, bytes: number): number {
    const { id } = this.get(session);
    const live = this.#live.get(id) ?? this.#ended.get(id)?.live;
    return live ? live.viewers.taken(viewer, bytes) : 0;
  }

  input(session: string, viewer: string, bytes: Uint8Array, end: boolean): Promise<number> {
    return this.#running(session).input(viewer, bytes, end);
  }

  resize(session: string, viewer: string, size: TerminalSize): TerminalSize {
    this.#running(session).resize(viewer, size);
    return size;
  }

  /** Asks it to end, or ends it at once; resolves when it is over and put away. */
  async stop(session: string, force: boolean, by: Actor): Promise<Session> {
    const { id } = this.get(session);
    const whom = by.kind === 'operator' ? 'a person' : 'a client';
    await this.#onTheWay.get(id);
    await this.#live.get(id)?.stop(`stopped by ${whom}`, force ? 0 : grace);
    return this.get(id);
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
    return { ...done, session: this.get(id) };
  }

  async discard(session: string, by: Actor): Promise<Session> {
    const { id } = this.get(session);
    await this.#reviews.discard(this.#toReview(id), by);
    this.#watch.changed(id);
    return this.get(id);
  }

  /** Ends every session: asks them, and kills what is left after the grace. Nothing new begins. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Ends every session at once, also while `close` still waits. */
  hurry(): void {
    this.#hurried = true;
    if (this.#closing) for (const live of this.#live.values()) void live.stop('Holdfast stops', 0);
  }

  async #close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#onTheWay.values());
    const stopping = [...this.#live.values()].map((live) =>
      live.stop('Holdfast stops', this.#hurried ? 0 : grace),
    );
    await Promise.all(stopping);
    await Promise.all(this.#over);
    await this.#unfinished.close();
    for (const { forget } of this.#ended.values()) forget();
    this.#ended.clear();
    await this.#owner.close();
  }

  #toReview(session: string): Reviewed {
    return reviewedSession(this.#parts, this.get(session));
  }

  async #begin(wish: SessionWish, by: Actor): Promise<Begun> {
    const { clock, open, executor } = this.#parts;
    const [ownPlaces, chosen] = await Promise.all([this.#parts.ownPlaces(), executor(wish.sandbox)]);
    this.#refuseWhileClosing();
    const folders = openFolders(open, wish.folders, ownPlaces);
    let asked: Asked;
    try {
      const id = newId('session', clock.now());
      const cwd = workingFolder(open, wish, folders);
      asked = { id, wish, by, folders, cwd, ownPlaces, executor: chosen };
    } catch (thrown) {
      closeFolders(folders);
      throw thrown;
    }
    return this.#carried(asked);
  }

  #carried(asked: Asked): Promise<Begun> {
    const beginning = beginSession(this.#parts, asked, () => this.#watch.changed(asked.id)).then((begun) => {
      this.#follow(begun);
      return begun;
    });
    const known = beginning.then(
      () => void this.#onTheWay.delete(asked.id),
      () => void this.#onTheWay.delete(asked.id),
    );
    this.#onTheWay.set(asked.id, known);
    return beginning;
  }

  #follow({ live, over: put }: Begun): void {
    this.#live.set(live.id, live);
    const over = put
      .then((again) => {
        if (again) this.#unfinished.add(live.id, again);
        this.#linger(live);
      })
      .finally(() => this.#over.delete(over));
    this.#over.add(over);
  }

  /** Whoever started a command that ends at once still hears what it said. */
  #linger(live: LiveSession): void {
    const { id } = live;
    this.#live.delete(id);
    this.#watch.changed(id);
    const cancel = this.#parts.clock.after(lingering, () => this.#ended.delete(id));
    this.#ended.set(id, { live, forget: cancel });
    const [oldest] = this.#ended;
    if (this.#ended.size <= mostLingering || !oldest) return;
    oldest[1].forget();
    this.#ended.delete(oldest[0]);
  }

  #running(session: string): LiveSession {
    const live = this.#live.get(this.get(session).id);
    if (live) return live;
    throw new Problem('conflict', 'The session is not running.');
  }

  #refuseWhileClosing(): void {
    if (!this.#closing) return;
    throw new Problem(
      'unavailable',
      'Holdfast is stopping and starts nothing new.',
      'Start it again with `holdfast serve`.',
    );
  }

  #refuseMore(): void {
    this.#refuseWhileClosing();
    if (this.#live.size + this.#beginning < mostAtOnce) return;
    throw new Problem('too_many', `${mostAtOnce} sessions run already.`, 'Stop one with `holdfast stop ID`.');
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
