import type { Draft } from '../../shared/events/catalogue.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Objective, ObjectiveWish } from '../../shared/objective.ts';
import { wordsOf } from '../../shared/objective-words.ts';
import { Problem } from '../../shared/problem.ts';
import type { Run, RunWish } from '../../shared/run.ts';
import type { Session } from '../../shared/session.ts';
import type { WorkWish } from '../../shared/work.ts';
import type { Agents } from '../agents/agents.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { timingProblem } from '../base/cron.ts';
import type { Later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import { lostTimes, timeOfThing } from './objective-rows.ts';
import { Changes } from './looking/changes.ts';
import { doneWith, lookedBefore, Schedule } from './objectives/schedule.ts';
import { Book } from './objectives/book.ts';
import type { Standing } from './objectives/standing.ts';

export interface ObjectiveParts {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows' | 'follow' | 'state'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly agents: Agents;
  readonly runs: Later<{ submit(wish: RunWish, by: Actor, objective: number): Promise<Run> }>;
  readonly work: Later<{ start(wish: WorkWish, by: Actor, objective: number): Promise<Session> }>;
}

const system: Actor = { kind: 'system' };
/** Timers do not go on while a machine sleeps: so long after it woke what is due is noticed. */
const mostSleep = 60_000;
const mostWork = 256 * 1024;

/** Standing instructions: begun when they are due, by rules of their own, each time on the record. */
export class Objectives {
  readonly #parts: ObjectiveParts;
  readonly #schedules = new Map<string, { timing: string; schedule: Schedule }>();
  readonly #book: Book;
  readonly #changes: Changes<'all'>;
  readonly #closing = new AbortController();
  readonly #pending = new Set<() => void>();
  readonly #following: Promise<void>[] = [];
  /** One after the other, so that no two decide about the same time. */
  #turn: Promise<unknown> = Promise.resolve();
  #forget: () => void = () => undefined;

  private constructor(parts: ObjectiveParts) {
    this.#parts = parts;
    this.#changes = new Changes(parts.clock);
    this.#book = new Book(parts.record, parts.clock);
  }

  static async open(parts: ObjectiveParts): Promise<Objectives> {
    const objectives = new Objectives(parts);
    await objectives.#tellLost();
    objectives.#book.take(await parts.agents.list());
    const followed = (failure: unknown) => {
      parts.log.error({ err: failure }, 'objectives hear of nothing more');
    };
    objectives.#following.push(
      objectives.#followEnds().catch(followed),
      objectives.#followAgents().catch(followed),
    );
    await objectives.#inTurn(async () => {
      await objectives.#afterEnds();
      await objectives.#tick();
    });
    return objectives;
  }

  list(): Objective[] {
    return this.#book.standing().map((standing) => this.#book.shown(standing));
  }

  get(name: string): Objective {
    return this.#book.shown(this.#book.named(name));
  }

  async *watch(signal: AbortSignal): AsyncGenerator<Objective[], void> {
    const changes = this.#changes.follow(signal);
    const first = changes.next();
    yield this.list();
    for (let next = await first; !next.done && !signal.aborted; next = await changes.next())
      yield this.list();
  }

  async save({ replace, ...wish }: ObjectiveWish & { replace: boolean }, by: Actor): Promise<Objective> {
    const problem = timingProblem(wish.timing);
    if (problem !== null) {
      throw new Problem(
        'invalid_input',
        `The schedule ${problem}`,
        'For example “30 7 * * 1-5” for half past seven on working days.',
      );
    }
    if (Buffer.byteLength(JSON.stringify(wish.work)) > mostWork) {
      throw new Problem(
        'too_large',
        `What it starts has more than ${mostWork} bytes.`,
        'Let it read large inputs from a folder.',
      );
    }
    return this.#inTurn(async () => {
      if (!replace && this.#book.standing().some(({ name }) => name === wish.name)) {
        throw new Problem(
          'conflict',
          `There is an objective “${wish.name}” already.`,
          'Replace it, or choose another name.',
        );
      }
      await this.#append({
        kind: 'objective.saved',
        actor: by,
        data: { ...wish, words: wordsOf(wish.work) },
      });
      this.#schedules.delete(wish.name);
      await this.#tick();
      return this.get(wish.name);
    });
  }

  remove(name: string, by: Actor): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#book.named(name).agent !== null) throw ofAFile(name);
      await this.#append({ kind: 'objective.removed', actor: by, data: { name } });
      this.#schedules.delete(name);
      this.#arm();
    });
  }

  pause(name: string, by: Actor): Promise<Objective> {
    return this.#inTurn(async () => {
      if (!this.get(name).paused) {
        const data = { name, why: 'asked', reason: 'somebody asked for it' } as const;
        await this.#append({ kind: 'objective.paused', actor: by, data });
      }
      this.#arm();
      return this.get(name);
    });
  }

  resume(name: string, by: Actor): Promise<Objective> {
    return this.#inTurn(async () => {
      const { paused, failures } = this.get(name);
      if (!paused && failures === 0) return this.get(name);
      await this.#append({ kind: 'objective.resumed', actor: by, data: { name } });
      this.#schedules.delete(name);
      await this.#tick();
      return this.get(name);
    });
  }

  /** Begins it now, whatever its schedule says; its overlap does not count for who asks by hand. */
  run(name: string, by: Actor): Promise<{ thing: string; objective: Objective }> {
    return this.#inTurn(async () => {
      const thing = await this.#begin(this.#book.named(name), this.#parts.clock.now(), 'begun by hand', by);
      return { thing, objective: this.get(name) };
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#forget();
    for (const forget of this.#pending) forget();
    await Promise.allSettled([this.#turn, ...this.#following]);
  }

  #inTurn<Result>(what: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(what);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Begins what is due, and sleeps until the next. */
  async #tick(): Promise<void> {
    const now = this.#parts.clock.now();
    for (const standing of this.#book.standing()) {
      if (this.#closing.signal.aborted) return;
      if (timingProblem(standing.timing) !== null || this.#book.rows(standing.name).paused) continue;
      const due = this.#scheduleOf(standing, now).take(now);
      if (!due) continue;
      try {
        await this.#decide(standing, due.due, due.isMissed);
      } catch (failure) {
        this.#parts.log.error({ err: failure, objective: standing.name }, 'an objective could not be begun');
      }
    }
    this.#arm();
  }

  #scheduleOf(standing: Standing, now: Date): Schedule {
    const timing = JSON.stringify(standing.timing);
    const known = this.#schedules.get(standing.name);
    if (known?.timing === timing) return known.schedule;
    // A file that has another schedule now is not told of times that only the new one had.
    const done = known && standing.agent !== null ? lookedBefore(now) : this.#doneWith(standing, now);
    const schedule = new Schedule(standing.timing, done);
    this.#schedules.set(standing.name, { timing, schedule });
    return schedule;
  }

  #doneWith({ name, since }: Standing, now: Date): Date {
    const { times, pause } = this.#book.rows(name);
    const resumed = pause === undefined ? [] : [new Date(String(pause['since']))];
    const due = times.map((time) => new Date(String(time['due'])));
    return doneWith([...resumed, ...(since === null ? [] : [since])], due, now);
  }

  async #decide(standing: Standing, due: Date, isMissed: boolean): Promise<void> {
    const { name, policy } = standing;
    const { failures, leftOut } = this.#book.rows(name);
    if (isMissed && policy.catchUp === 'none') {
      await this.#tellDue(
        name,
        due,
        'missed',
        'Holdfast did not run, or the machine slept, when it was due.',
      );
      return;
    }
    if (policy.backOff && failures > 0 && leftOut < 2 ** Math.min(failures - 1, 10)) {
      const failed = failures === 1 ? 'the last time' : `${failures} times in a row`;
      await this.#tellDue(name, due, 'skipped', `it failed ${failed}, and waits longer each time.`);
      return;
    }
    const later = Math.floor(this.#parts.random() * policy.jitterSeconds * 1000);
    if (later === 0) await this.#beginUnlessBusy(standing, due);
    else this.#beginLater(standing, due, later);
  }

  async #beginUnlessBusy(standing: Standing, due: Date): Promise<void> {
    const { name, policy } = standing;
    const { running, waiting } = this.#book.rows(name);
    if (running.length === 0 || policy.overlap === 'allow') {
      await this.#begin(standing, due, null, system);
    } else if (policy.overlap === 'skip') {
      await this.#tellDue(name, due, 'skipped', 'the one before still runs.');
    } else if (waiting) {
      const reason = 'the one before still runs, and another waits for its end already.';
      await this.#tellDue(name, due, 'skipped', reason);
    } else {
      await this.#tellDue(name, due, 'queued', 'the one before still runs.');
    }
  }

  #beginLater({ name, since }: Standing, due: Date, later: number): void {
    const forget = this.#parts.clock.after(later, () => {
      this.#pending.delete(forget);
      void this.#inTurn(async () => {
        const still = this.#book.standing().find((each) => each.name === name);
        // One that was changed, or removed and made again, meanwhile has times of its own.
        if (still?.since?.getTime() !== since?.getTime() || !still || this.#book.rows(name).paused) return;
        await this.#beginUnlessBusy(still, due);
      }).catch((failure: unknown) => {
        this.#parts.log.error({ err: failure, objective: name }, 'an objective could not be begun');
      });
    });
    this.#pending.add(forget);
  }

  /** The intent first: what began and is not known of is never begun a second time. */
  async #begin(standing: Standing, due: Date, reason: string | null, by: Actor): Promise<string> {
    const { name, work } = standing;
    const at = await this.#tellDue(name, due, 'begins', reason, by);
    try {
      const { id: thing } =
        work.kind === 'run'
          ? await (await this.#parts.runs()).submit(work.wish, by, at)
          : await (await this.#parts.work()).start({ ...work.wish, attended: false }, by, at);
      await this.#append({ kind: 'objective.began', actor: system, data: { name, at, thing } });
      return thing;
    } catch (thrown) {
      const { message } = Problem.of(thrown);
      await this.#append({
        kind: 'objective.failed',
        actor: system,
        data: { name, at, reason: message.slice(0, 1000) },
      });
      await this.#pauseWhereItFails(standing);
      throw thrown;
    }
  }

  async #tellDue(
    name: string,
    due: Date,
    what: 'begins' | 'skipped' | 'queued' | 'missed',
    reason: string | null,
    by: Actor = system,
  ): Promise<number> {
    const data = { name, due: due.toISOString(), what, reason };
    const { seq } = await this.#append({ kind: 'objective.due', actor: by, data });
    return seq;
  }

  async #pauseWhereItFails({ name, policy: { pauseAfter } }: Standing): Promise<void> {
    const { failures, paused } = this.#book.rows(name);
    if (pauseAfter === null || paused || failures < pauseAfter) return;
    const reason = failures === 1 ? 'it failed' : `it failed ${failures} times in a row`;
    await this.#append({ kind: 'objective.paused', actor: system, data: { name, why: 'failures', reason } });
  }

  async #append(draft: Draft) {
    const event = await this.#parts.record.append(draft);
    this.#changes.tell(['all']);
    return event;
  }

  #arm(): void {
    this.#forget();
    if (this.#closing.signal.aborted) return;
    const now = this.#parts.clock.now();
    const next = this.#book
      .standing()
      .filter(({ name, timing }) => timingProblem(timing) === null && !this.#book.rows(name).paused)
      .flatMap((standing) => this.#scheduleOf(standing, now).next?.getTime() ?? []);
    if (next.length === 0) return;
    const wait = Math.max(0, Math.min(mostSleep, Math.min(...next) - now.getTime()));
    this.#forget = this.#parts.clock.after(
      wait,
      () => void this.#inTurn(() => this.#tick()).catch(() => undefined),
    );
  }

  /** Beginnings that nobody heard the end of: an earlier life ended in between. */
  async #tellLost(): Promise<void> {
    const reason = 'Holdfast ended before it was known what it began.';
    const drafts = this.#parts.record.rows(lostTimes).map(({ seq, name }): Draft => ({
      kind: 'objective.failed',
      actor: system,
      data: { name: String(name), at: Number(seq), reason },
    }));
    if (drafts.length > 0) await this.#parts.record.appendAll(drafts);
  }

  async #followEnds(): Promise<void> {
    const { record } = this.#parts;
    const from = record.state().size;
    const filter = { kinds: ['run.finished', 'session.ended'] };
    for await (const { events } of record.follow({ from, filter }, this.#closing.signal)) {
      const things = events.map(({ kind, scope }) => (kind === 'run.finished' ? scope.run : scope.session));
      for (const thing of things) if (thing !== undefined) this.#ended(thing);
    }
  }

  #ended(thing: string): void {
    const [row] = this.#parts.record.rows(timeOfThing, thing);
    if (!row) return;
    this.#changes.tell(['all']);
    void this.#inTurn(async () => {
      const standing = this.#book.standing().find(({ name }) => name === row['name']);
      if (standing) await this.#afterEnd(standing);
    }).catch((failure: unknown) => {
      this.#parts.log.error({ err: failure, thing }, 'what waited for it could not be begun');
    });
  }

  /** What ended while nobody listened, before this life or in it. */
  async #afterEnds(): Promise<void> {
    for (const standing of this.#book.standing()) {
      await this.#afterEnd(standing).catch((failure: unknown) => {
        this.#parts.log.error({ err: failure, objective: standing.name }, 'an objective could not be begun');
      });
    }
  }

  async #afterEnd(standing: Standing): Promise<void> {
    await this.#pauseWhereItFails(standing);
    const { running, paused, waiting } = this.#book.rows(standing.name);
    if (running.length > 0 || paused || !waiting) return;
    await this.#begin(standing, waiting, 'it waited for the one before', system);
  }

  async #followAgents(): Promise<void> {
    for await (const entries of this.#parts.agents.watch(this.#closing.signal)) {
      await this.#inTurn(async () => {
        this.#book.take(entries);
        this.#changes.tell(['all']);
        await this.#tick();
      });
    }
  }
}

function ofAFile(name: string): Problem {
  return new Problem(
    'conflict',
    `“${name}” is declared by the agent’s own file.`,
    'Take “lifecycle” out of that file, or pause the objective.',
  );
}
