import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import type { RunOutcome } from '../../../shared/run.ts';
import { Interrupted } from '../../agents/interrupted.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { SubtaskSessions } from '../../sessions/subtask-sessions.ts';
import type { Places, PlaceNeeds } from '../scheduling/places.ts';
import { type Known, type NodeState, Scheduler } from '../scheduling/scheduler.ts';
import { type PartEnd, PartAttempt, type PartGround } from './part-attempt.ts';
import { againBecause, escalated, type Failure, failureOf } from './part-failure.ts';
import type { PlannedPart } from './planned-part.ts';
import type { Rest } from './thinking.ts';
import { unlessOver } from './unless-over.ts';

/** What is known of a part from an earlier life. */
export interface Earlier {
  readonly state: Known;
  readonly attempt: number;
  readonly tier: number;
  readonly outcome: RunOutcome | null;
  readonly session: Id<'session'> | null;
}

export interface ExecutionNeeds {
  readonly run: Id<'run'>;
  readonly record: Pick<AuditRecord, 'appendAll'>;
  readonly now: () => number;
  readonly places: Places;
  readonly sessions: SubtaskSessions;
  readonly ground: PartGround;
  readonly priority: number;
  /** The smaller, the older. */
  readonly age: number;
  /** Parts of this run at the same time. */
  readonly most: number;
  /** Folders of which it keeps one version for all its parts. */
  readonly reviewed: readonly string[];
  /** Where it can be planned again: what runs may end, and nothing more begins. */
  readonly haltsAtFailure: boolean;
  /** What a part's model is where its role names none. */
  readonly defaultModel: () => string | null;
  readonly changed: (names: readonly string[]) => void;
}

const system: Actor = { kind: 'system' };

interface Running {
  readonly attempt: PartAttempt;
  readonly needs: PlaceNeeds;
  readonly began: number;
}

/** Carries the parts of one plan out: each begins the moment its parents are done and there is a place for it. */
export class Execution {
  readonly scheduler: Scheduler;
  readonly failures: Failure[] = [];
  readonly #needs: ExecutionNeeds;
  readonly #parts: readonly PlannedPart[];
  readonly #attempts: number[];
  readonly #tiers: number[];
  readonly #running = new Map<number, Running>();
  readonly #waiting = new Map<string, () => void>();
  #ends: PartEnd[] = [];
  #wake: () => void = () => undefined;
  #woken = false;
  #paused = false;
  /** Sessions of the life before rest, whether the run does still or not. */
  readonly #rested: boolean;
  #stopped: RunOutcome | null = null;
  #left = false;
  #trouble: { readonly thrown: unknown } | null = null;
  #over = false;
  /** How many wait until it is on the record that parts begin again. */
  #reviving = 0;

  constructor(
    parts: readonly PlannedPart[],
    earlier: ReadonlyMap<string, Earlier>,
    needs: ExecutionNeeds,
    { paused, rested }: Rest,
  ) {
    this.#needs = needs;
    this.#parts = parts;
    this.#paused = paused;
    this.#rested = rested;
    const nodes = parts.map(({ part }) => ({
      name: part.name,
      dependsOn: part.dependsOn,
      priority: part.priority,
      seconds: part.ttl?.max_wall_clock ?? null,
      hops: part.ttl?.max_hops ?? null,
    }));
    const known = new Map([...earlier].map(([name, { state }]) => [name, state] as const));
    this.scheduler = new Scheduler(nodes, known);
    this.#attempts = parts.map(({ part }) => earlier.get(part.name)?.attempt ?? 0);
    this.#tiers = parts.map(({ part }) => earlier.get(part.name)?.tier ?? part.tier);
    for (const [name, { state, outcome }] of earlier) {
      if (state === 'failed' && outcome)
        this.failures.push({ name, outcome, correctable: true, signals: [] });
    }
  }

  /** Resolves when nothing of it runs any more; `left`: another life goes on with it. */
  async run(): Promise<'over' | 'left'> {
    if (this.failures.length > 0 && this.#needs.haltsAtFailure) this.scheduler.halt();
    try {
      this.#resume();
      for (;;) {
        this.#woken = false;
        if (this.#left) break;
        if (this.#trouble) throw this.#trouble.thrown;
        const busy = await this.#turn();
        if (busy || this.#ends.length > 0) continue;
        if (this.#running.size === 0 && this.scheduler.over && this.#reviving === 0) {
          this.#over = true;
          return 'over';
        }
        if (!this.#woken) await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      await Promise.all([...this.#running.values()].map(({ attempt }) => attempt.settled));
      return 'left';
    } catch (failure) {
      this.leave();
      await Promise.all([...this.#running.values()].map(({ attempt }) => attempt.settled));
      throw failure;
    } finally {
      for (const forget of this.#waiting.values()) forget();
      for (const { needs } of this.#running.values()) this.#needs.places.free(needs);
      this.#running.clear();
    }
  }

  /** How a part stands, where that is more than its row says. */
  look(name: string): { state: NodeState; waits: number; session: Id<'session'> | null } | null {
    if (!this.scheduler.has(name)) return null;
    const at = this.scheduler.at(name);
    const attempt = this.#running.get(at)?.attempt;
    return {
      state: this.scheduler.state(at),
      waits: attempt?.waits ?? 0,
      session: attempt?.session ?? null,
    };
  }

  /** Questions of its parts that wait for a person. */
  get waits(): number {
    let waits = 0;
    for (const { attempt } of this.#running.values()) waits += attempt.waits;
    return waits;
  }

  get asking(): number {
    let asking = 0;
    for (const { attempt } of this.#running.values()) if (attempt.waits > 0) asking++;
    return asking;
  }

  runningNames(): string[] {
    return [...this.#running.keys()].map((at) => this.#parts[at]!.part.name);
  }

  async pause(): Promise<void> {
    this.#paused = true;
    await this.#each((session) => this.#needs.sessions.pause(session));
  }

  async resume(): Promise<void> {
    this.#paused = false;
    await this.#each((session) => this.#needs.sessions.resume(session));
    this.#stir();
  }

  /** Parts that a budget refused begin again once that is on the record; until then it does not end. */
  async revive(record: (names: readonly string[]) => Promise<void>): Promise<void> {
    const names =
      this.#over || this.#stopped
        ? []
        : this.failures.filter(({ outcome }) => outcome.label === 'budget_exhausted').map(({ name }) => name);
    this.#reviving++;
    try {
      await record(names);
      if (names.length === 0 || this.#stopped) return;
      this.failures.splice(
        0,
        this.failures.length,
        ...this.failures.filter(({ name }) => !names.includes(name)),
      );
      this.scheduler.revive(names.map((name) => this.scheduler.at(name)));
      this.#needs.changed(names);
    } finally {
      this.#reviving--;
      this.#stir();
    }
  }

  /** Begins nothing more, and ends what runs. */
  stop(outcome: RunOutcome): void {
    if (this.#stopped) return;
    this.#stopped = outcome;
    this.scheduler.cancel();
    for (const { attempt } of this.#running.values()) {
      attempt.abort(new Interrupted(outcome.reason ?? 'The run was stopped.', false));
    }
    this.#stir();
  }

  /** Holdfast is stopping: what runs is for the next life. */
  leave(): void {
    this.#left = true;
    for (const { attempt } of this.#running.values()) {
      attempt.abort(new Interrupted('Holdfast is stopping.', true));
    }
    this.#stir();
  }

  /** One turn: all that became known is told in one transaction, then what may begin begins. */
  async #turn(): Promise<boolean> {
    const drafts: Draft[] = [];
    const names: string[] = [];
    for (const end of this.#ends.splice(0)) {
      names.push(this.#parts[end.at]!.part.name);
      drafts.push(...this.#settle(end));
    }
    const start = this.#paused ? [] : this.#begin(drafts, names);
    if (drafts.length === 0) return false;
    await this.#needs.record.appendAll(drafts);
    for (const at of start) this.#launch(at);
    this.#needs.changed(names);
    return true;
  }

  #begin(drafts: Draft[], names: string[]): number[] {
    const { places } = this.#needs;
    const taking = { take: (at: number) => places.take(this.#placeNeeds(at)) };
    const { start, refused, full } = this.scheduler.next(taking, this.#needs.most);
    for (const { at, below } of refused) {
      const expired = this.#expired(at, below, 'hops_exhausted');
      drafts.push(...expired);
      names.push(this.#parts[at]!.part.name, ...below.map((each) => this.#parts[each]!.part.name));
      const reason = 'It lies more steps from the beginning than its limit allows.';
      this.failures.push({
        name: this.#parts[at]!.part.name,
        outcome: { label: 'timed_out', reason },
        correctable: true,
        signals: [],
      });
      if (this.#needs.haltsAtFailure) this.scheduler.halt();
    }
    for (const at of start) {
      this.#attempts[at]!++;
      names.push(this.#parts[at]!.part.name);
      drafts.push(this.#startedDraft(at));
    }
    if (full) this.#waitFor('parts');
    for (const obstacle of this.scheduler.parkedAt()) this.#waitFor(obstacle);
    return start;
  }

  #waitFor(obstacle: string): void {
    if (this.#waiting.has(obstacle)) return;
    const { places, priority, age } = this.#needs;
    const free = () => {
      this.#waiting.delete(obstacle);
      this.scheduler.freed(obstacle);
      this.#stir();
    };
    this.#waiting.set(obstacle, places.wait(obstacle, { priority, age, free }));
  }

  #placeNeeds(at: number): PlaceNeeds {
    const { part } = this.#parts[at]!;
    const model = this.#model(at);
    return {
      provider: model === null ? null : (model.split('/', 1)[0] ?? null),
      writes: part.sharesFolders ? [] : part.writes,
      versions: this.#versionsOf(at),
    };
  }

  /** An overlay is laid for one that writes, or for several that read: whoever declares it safe takes turns as well. */
  #versionsOf(at: number): PlaceNeeds['versions'] {
    const { run, reviewed } = this.#needs;
    if (reviewed.length === 0) return [];
    const { folders } = this.#parts[at]!.part;
    const those = folders.filter(({ path }) => reviewed.includes(path));
    return those.map(({ path, mode }) => ({ of: `${run}:${path}`, writes: mode === 'review' }));
  }

  /** Null: it needs none. */
  #model(at: number): string | null {
    const { part } = this.#parts[at]!;
    if (part.role.scaffold !== null) return null;
    return part.role.models[this.#tiers[at]!] ?? this.#needs.defaultModel();
  }

  /** What an earlier life had begun has its places by right. */
  #resume(): void {
    for (const at of this.scheduler.resumed()) {
      this.#needs.places.hold(this.#placeNeeds(at));
      this.#launch(at, true);
    }
  }

  #launch(at: number, isResumed = false): void {
    const { listed, part } = this.#parts[at]!;
    const tier = this.#tiers[at]!;
    let rests = isResumed && this.#rested;
    const attempt = new PartAttempt(
      { at, listed, part, tier },
      { sessions: this.#needs.sessions, ground: this.#needs.ground },
      () => {
        this.#needs.changed([part.name]);
        if (attempt.session === null) return;
        // It was being opened when the run was paused, or rests since a life before.
        if (this.#paused) void this.#steer('pause', attempt.session);
        else if (rests) void this.#steer('resume', attempt.session);
        rests = false;
      },
    );
    const began = this.#needs.now();
    this.#running.set(at, { attempt, needs: this.#placeNeeds(at), began });
    void attempt.carry().then((end) => {
      if (end === null) return;
      this.#ends.push(end);
      this.#stir();
    });
    if (this.#stopped) attempt.abort(new Interrupted('The run was stopped.', false));
    if (this.#left) attempt.abort(new Interrupted('Holdfast is stopping.', true));
  }

  #settle(end: PartEnd): Draft[] {
    const { at } = end;
    const { listed, part } = this.#parts[at]!;
    const running = this.#running.get(at);
    this.#running.delete(at);
    if (running) this.#needs.places.free(running.needs);
    const seconds = Math.max(0, (this.#needs.now() - (running?.began ?? this.#needs.now())) / 1000);
    const { outputs, signals, missing } = end;
    const outcome = this.#stopped && end.outcome.label !== 'success' ? this.#stopped : end.outcome;
    const ok = outcome.label === 'success';
    const said = { name: part.name, ok, outcome, outputs: [...outputs], seconds, signals: [...signals] };
    const drafts: Draft[] = missing.map((path) => ({
      kind: 'subtask.output_missing',
      actor: system,
      scope: this.#scope(listed.id),
      data: { name: part.name, path },
    }));
    const again = ok || this.#stopped ? null : againBecause(part, end, this.#attempts[at]!);
    drafts.push({
      kind: 'subtask.finished',
      actor: system,
      scope: this.#scope(listed.id),
      data: again === null ? said : { ...said, again },
      ...(end.answer === '' ? {} : { blobs: [answerBlob(end.answer)] }),
    });
    if (ok) this.scheduler.finished(at, 'done');
    else if (again === null) drafts.push(...this.#fail(at, end, outcome));
    else {
      drafts.push(...this.#escalate(at, end.signals));
      this.scheduler.again(at);
    }
    return drafts;
  }

  #fail(at: number, end: PartEnd, outcome: RunOutcome): Draft[] {
    const { part } = this.#parts[at]!;
    const skipped = this.scheduler.finished(at, outcome.label === 'cancelled' ? 'cancelled' : 'failed');
    if (outcome.label !== 'cancelled') this.failures.push(failureOf(part.name, end, outcome));
    if (this.#needs.haltsAtFailure) this.scheduler.halt();
    this.#needs.changed(skipped.map((each) => this.#parts[each]!.part.name));
    return end.retry === 'timeout' && !this.#stopped ? this.#expired(at, skipped, 'wall_clock_exceeded') : [];
  }

  #expired(at: number, below: readonly number[], reason: 'hops_exhausted' | 'wall_clock_exceeded'): Draft[] {
    const draft = (each: number, why: typeof reason | 'dependency_expired'): Draft => ({
      kind: 'subtask.expired',
      actor: system,
      scope: this.#scope(this.#parts[each]!.listed.id),
      data: { name: this.#parts[each]!.part.name, reason: why },
    });
    return [draft(at, reason), ...below.map((each) => draft(each, 'dependency_expired'))];
  }

  #escalate(at: number, signals: PartEnd['signals']): Draft[] {
    const { listed, part } = this.#parts[at]!;
    const step = escalated(part.role, this.#tiers[at]!, signals);
    if (!step) return [];
    this.#tiers[at] = step.tier;
    const { name } = part;
    return [
      {
        kind: 'subtask.model_escalated',
        actor: system,
        scope: this.#scope(listed.id),
        data: { name, ...step.said },
      },
    ];
  }

  #startedDraft(at: number): Draft {
    const { listed, part } = this.#parts[at]!;
    return {
      kind: 'subtask.started',
      actor: system,
      scope: this.#scope(listed.id),
      data: {
        name: part.name,
        role: part.role.name,
        attempt: this.#attempts[at]!,
        tier: this.#tiers[at]!,
        inputs: part.inputsHash,
      },
    };
  }

  #scope(subtask: Id<'subtask'>) {
    return { run: this.#needs.run, subtask };
  }

  async #each(call: (session: Id<'session'>) => Promise<void>): Promise<void> {
    const sessions = [...this.#running.values()].flatMap(({ attempt: { session } }) => session ?? []);
    await Promise.all(sessions.map((session) => unlessOver(call(session))));
  }

  async #steer(deed: 'pause' | 'resume', session: Id<'session'>): Promise<void> {
    try {
      await unlessOver(this.#needs.sessions[deed](session));
    } catch (thrown) {
      this.#trouble = { thrown };
      this.#stir();
    }
  }

  #stir(): void {
    this.#woken = true;
    this.#wake();
  }
}

export function answerBlob(answer: string) {
  return { name: 'answer.txt', type: 'text/plain', content: Buffer.from(answer) };
}
