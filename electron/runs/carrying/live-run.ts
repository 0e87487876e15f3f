import type { BlobDraft, Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Plan } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import {
  boundsOf,
  type Ceiling,
  type RunOutcome,
  type RunOutput,
  type RunWish,
  type SubtaskState,
  type WantedBounds,
} from '../../../shared/run.ts';
import { Interrupted } from '../../agents/interrupted.ts';
import type { LiveLook } from '../looking/run-look.ts';
import type { CheckedPlan } from '../../planning/checked-plan.ts';
import type { RunRow } from '../run-row.ts';
import { couldLeave } from './could-leave.ts';
import { type Earlier, Execution, answerBlob } from './execution.ts';
import type { ListedPart, PlannedPart } from './planned-part.ts';
import { outcomeOf, type Afterwards } from './run-outcome.ts';
import { type Made, Planner, type PlannerHears } from './planner.ts';
import { reviewedFolders } from './reviewed-folders.ts';
import { raisedCeiling, raisedDraft } from './raised-ceiling.ts';
import type { RunNeeds } from './run-needs.ts';
import type { Rest } from './thinking.ts';
import type { LeftToReview } from './run-reviews.ts';

const system: Actor = { kind: 'system' };
const mostReplans = 3;

/** One run, from its turn in the queue to its end. */
export class LiveRun {
  readonly id: Id<'run'>;
  readonly row: RunRow;
  readonly #needs: RunNeeds;
  #planner: Planner | null = null;
  readonly #over = Promise.withResolvers<void>();
  #ceiling: Ceiling;
  #execution: Execution | null = null;
  #listed = new Map<string, ListedPart>();
  #detail: string | null = null;
  #stopped: RunOutcome | null = null;
  #left = false;
  #paused: boolean;
  #forgetDeadline: () => void = () => undefined;

  constructor(needs: RunNeeds, row: RunRow) {
    this.#needs = needs;
    this.row = row;
    this.id = row.id;
    this.#ceiling = row.ceiling;
    this.#paused = row.paused;
    if (row.cancelled !== null) this.#stopped = { label: 'cancelled', reason: row.cancelled };
  }

  /** Resolves when nothing of it runs any more: it is finished, or left to another life. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get #rest(): Rest {
    return { paused: this.#paused, rested: this.row.paused };
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether its plan waits for a person. */
  get asks(): boolean {
    return this.#planner?.asks === true;
  }

  async go(): Promise<void> {
    try {
      await this.#carry();
    } catch (thrown) {
      if (!this.#left) await this.#failed(thrown);
    } finally {
      this.#forgetDeadline();
      this.#over.resolve();
    }
  }

  look(): LiveLook {
    const execution = this.#execution;
    return {
      detail: this.#paused ? 'It is paused.' : (this.#detail ?? this.#working()),
      counts: execution && this.#counts(execution),
      waits: execution?.waits ?? 0,
      part: (name) => {
        const look = execution?.look(name);
        if (!look) return null;
        return { state: look.waits > 0 ? 'asking' : look.state, session: look.session };
      },
    };
  }

  /** The part of its plan by this name, as it is listed now. */
  listed(name: string): ListedPart | undefined {
    return this.#listed.get(name);
  }

  get parts(): readonly ListedPart[] {
    return [...this.#listed.values()];
  }

  async pause(by: Actor): Promise<void> {
    await this.#append([{ kind: 'run.paused', actor: by, scope: { run: this.id }, data: {} }]);
    this.#paused = true;
    await Promise.all([this.#planner?.pause(), this.#execution?.pause()]);
  }

  async resume(by: Actor): Promise<void> {
    await this.#append([{ kind: 'run.resumed', actor: by, scope: { run: this.id }, data: {} }]);
    this.#paused = false;
    await Promise.all([this.#planner?.resume(), this.#execution?.resume()]);
  }

  /** More to spend: for what begins, for what runs, and for what a budget had refused. */
  async raise(wanted: WantedBounds, by: Actor): Promise<void> {
    const { sessions, look } = this.#needs;
    const ceiling = raisedCeiling(this.#ceiling, wanted);
    const record = async (again: readonly string[]) => {
      await this.#append([raisedDraft(this.id, this.#ceiling, ceiling, by, again)]);
      this.#ceiling = ceiling;
      (await sessions()).raise(this.id, { tokens: ceiling.tokens, micros: ceiling.micros });
      this.#forgetDeadline();
      this.#arm(look.row(this.id).started);
    };
    await (this.#execution ? this.#execution.revive(record) : record([]));
  }

  async answer(
    answer: 'start' | 'refuse',
    given: { plan: Plan | null; widen: boolean },
    by: Actor,
  ): Promise<void> {
    if (!this.#planner) throw new Problem('conflict', 'No plan of this run waits for an answer.');
    await this.#planner.answer(answer, given, by);
  }

  /** Resolves when nothing of it runs any more. */
  async stop(reason: string, by: Actor): Promise<void> {
    if (!this.#stopped) {
      await this.#append([{ kind: 'run.cancelled', actor: by, scope: { run: this.id }, data: { reason } }]);
      this.#end({ label: 'cancelled', reason });
    }
    await this.over;
  }

  /** Holdfast is stopping. */
  async leave(): Promise<void> {
    this.#left = true;
    this.#planner?.leave();
    this.#execution?.leave();
    await this.over;
  }

  #end(outcome: RunOutcome): void {
    this.#stopped ??= outcome;
    this.#planner?.stop(outcome.reason ?? '');
    this.#execution?.stop(outcome);
  }

  async #carry(): Promise<void> {
    const { look, record, files } = this.#needs;
    const planner = this.#plannerOf(await look.wish(this.row));
    this.#planner = planner;
    if (this.#left) return;
    if (this.#stopped) planner.stop(this.#stopped.reason ?? '');
    if (this.row.phase === 'queued') {
      await files.make(this.row.folder);
      await this.#append([{ kind: 'run.started', actor: system, scope: { run: this.id }, data: {} }]);
    }
    this.#arm(look.row(this.id).started);
    let row = look.row(this.id);
    let made: Made | null =
      row.plan !== null && row.phase === 'running' ? await planner.load(row.plan) : null;
    for (;;) {
      if (this.#left) return;
      row = look.row(this.id);
      if (!made && !this.#stopped) {
        const planned = await planner.make(row);
        if (this.#left) return;
        if (planned.how === 'ended') return this.#finish(this.#stopped ?? planned.outcome, null);
        ({ made } = planned);
        this.#needs.changed(this.id, 'plan');
      }
      if (!made) return this.#finish(this.#stopped!, null);
      const execution = await this.#execute(made, planner);
      if (execution === null) return;
      const { checked } = made;
      const left = await this.#result(execution, checked);
      const afterwards: Afterwards = outcomeOf(execution, this.#stopped, left);
      const rounds = look.row(this.id).rounds;
      if (!afterwards.correctable || !planner.plansAgain || rounds > mostReplans) {
        return this.#finish(afterwards.outcome, left);
      }
      this.#execution = null;
      const data = { reason: afterwards.outcome.reason ?? 'It failed.' };
      await record.appendAll([{ kind: 'plan.replanned', actor: system, scope: { run: this.id }, data }]);
      this.#needs.changed(this.id);
      made = null;
    }
  }

  #plannerOf(wish: RunWish): Planner {
    const hears: PlannerHears = {
      ceiling: () => this.#ceiling,
      // Its budget may have been raised meanwhile.
      widen: (ceiling) => (this.#ceiling = { ...ceiling, ...boundsOf(this.#ceiling) }),
      says: (detail) => this.#says(detail),
    };
    return new Planner(this.#needs, this.row, wish, hears, this.#rest);
  }

  async #execute({ parts, checked }: Made, planner: Planner): Promise<Execution | null> {
    const { look, record, clock, places, sessions, settings } = this.#needs;
    this.#listed = new Map(parts.map(({ listed }) => [listed.name, listed]));
    const execution = new Execution(
      parts,
      earlierOf(parts, look.partRows(this.id)),
      {
        run: this.id,
        record,
        now: () => clock.now().getTime(),
        places,
        sessions: await sessions(),
        ground: planner.ground(),
        priority: this.row.priority,
        age: Date.parse(this.row.created),
        most: this.#ceiling.concurrency ?? 64,
        reviewed: reviewedFolders(this.#ceiling),
        haltsAtFailure: planner.plansAgain,
        defaultModel: () => settings()['models.default'],
        changed: (names) => this.#needs.changed(this.id, names),
      },
      this.#rest,
    );
    this.#says(null);
    this.#execution = execution;
    if (this.#left) execution.leave();
    if (this.#stopped) execution.stop(this.#stopped);
    this.#needs.changed(this.id, 'plan');
    const how = await execution.run();
    if (how === 'left') return null;
    if (checked.parts.length > 0) this.#says('It gathers what was done.');
    return execution;
  }

  /** What the parts at the end of the plan left and said. */
  async #result(
    execution: Execution,
    checked: CheckedPlan,
  ): Promise<{ answer: string; outputs: RunOutput[]; missing: string | null }> {
    const { look, files } = this.#needs;
    const needed = new Set(checked.parts.flatMap(({ dependsOn }) => dependsOn));
    const last = checked.parts
      .filter(({ name }) => !needed.has(name) && execution.look(name)?.state === 'done')
      .slice(0, 50);
    const rows = last.map(({ name }) => look.partRow(this.id, this.#listed.get(name)!.id));
    const answers: string[] = [];
    for (const row of rows) {
      const answer = await look.answer(row);
      if (answer) answers.push(answer);
    }
    const outputs = rows.flatMap((row) => row?.outputs ?? []).slice(0, 1000);
    const answer = answers.join('\n\n');
    if (checked.finalOutput === null) return { answer, outputs, missing: null };
    const { finalOutput } = checked;
    const could = checked.parts.some((part) => couldLeave(part, finalOutput));
    const told = [...look.partRows(this.id).values()].flatMap((row) => row.outputs);
    const known = told.findLast(({ path }) => path === finalOutput);
    const final = known ?? (could ? await files.output(finalOutput, this.id) : null);
    return { answer, outputs: final ? [final] : [], missing: final ? null : finalOutput };
  }

  async #finish(outcome: RunOutcome, left: { answer: string; outputs: RunOutput[] } | null): Promise<void> {
    const { clock, look, sessions } = this.#needs;
    // Also what planned it, and what an earlier life left: nothing of a run outlives it.
    await (await sessions()).endAll(this.id, outcome.reason ?? 'Its run is over.');
    const began = Date.parse(look.row(this.id).started ?? this.row.created);
    const seconds = Math.max(0, (clock.now().getTime() - began) / 1000);
    const answer = left?.answer ?? '';
    const blobs: BlobDraft[] = answer === '' ? [] : [answerBlob(answer)];
    const reviewed = await this.#reviewed();
    const data = { outcome: bounded(outcome), outputs: left?.outputs ?? [], seconds, ...reviewed };
    await this.#append([
      {
        kind: 'run.finished',
        actor: system,
        scope: { run: this.id },
        data,
        ...(blobs.length > 0 ? { blobs } : {}),
      },
    ]);
    if (reviewed.review === 'none') await this.#needs.reviews.remove(this.id);
    this.#execution = null;
    this.#needs.changed(this.id, 'plan');
  }

  /** What was only copied for it, and never gone on with, is still to be decided where it came from. */
  async #reviewed(): Promise<LeftToReview> {
    const { look, reviews } = this.#needs;
    if (look.row(this.id).plan === null) return { review: 'none', changes: 0 };
    return reviews.left(this.id);
  }

  /** What nobody foresaw: told on the record where it takes anything; else the next life goes on. */
  async #failed(thrown: unknown): Promise<void> {
    const { log } = this.#needs;
    // Who planned it was told to end: that is no failure.
    const stopped = thrown instanceof Interrupted ? this.#stopped : null;
    if (!stopped) log.error({ err: thrown, run: this.id }, 'a run could not be gone on with');
    const { code, message, mend } = Problem.of(thrown);
    if (code === 'storage_full' || code === 'storage_failed' || code === 'unavailable') return;
    const reason = mend === undefined ? message : `${message} ${mend}`;
    try {
      await this.#finish(stopped ?? { label: 'infrastructure_failure', reason }, null);
    } catch (failure) {
      log.error({ err: failure, run: this.id }, 'the end of a run could not be recorded');
    }
  }

  #arm(started: string | null): void {
    const { seconds } = this.#ceiling;
    if (seconds === null || started === null) return;
    const left = Math.max(0, Date.parse(started) + seconds * 1000 - this.#needs.clock.now().getTime());
    this.#forgetDeadline = this.#needs.after(left, () =>
      this.#end({ label: 'timed_out', reason: `It took longer than the ${seconds} seconds it may take.` }),
    );
  }

  #counts(execution: Execution): Record<SubtaskState, number> {
    const { scheduler, asking } = execution;
    const count = (state: Parameters<typeof scheduler.count>[0]) => scheduler.count(state);
    return {
      waiting: count('waiting'),
      ready: count('ready'),
      running: count('running') - asking,
      asking,
      done: count('done'),
      failed: count('failed'),
      skipped: count('skipped'),
      cancelled: count('cancelled'),
    };
  }

  #working(): string | null {
    const names = this.#execution?.runningNames() ?? [];
    if (names.length === 0) return null;
    const shown = names.slice(0, 3).map((name) => this.#listed.get(name)?.title ?? name);
    return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
  }

  #says(detail: string | null): void {
    if (detail === this.#detail) return;
    this.#detail = detail;
    this.#needs.changed(this.id);
  }

  async #append(drafts: readonly Draft[]): Promise<void> {
    await this.#needs.record.appendAll(drafts);
    this.#needs.changed(this.id);
  }
}

function earlierOf(
  parts: readonly PlannedPart[],
  rows: ReturnType<RunNeeds['look']['partRows']>,
): Map<string, Earlier> {
  const earlier = new Map<string, Earlier>();
  for (const { listed } of parts) {
    const row = rows.get(listed.id);
    if (!row) continue;
    const { attempt, tier, outcome, session } = row;
    const state = row.state === 'ready' ? 'again' : row.state;
    if (state === 'waiting' || state === 'asking') continue;
    earlier.set(listed.name, { state, attempt, tier, outcome, session });
  }
  return earlier;
}

function bounded({ label, reason }: RunOutcome): RunOutcome {
  return { label, reason: reason === null ? null : reason.slice(0, 4000) };
}
