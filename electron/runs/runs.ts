import type { PlanPreview } from '../../shared/contract/runs.ts';
import type { FolderChanges } from '../../shared/contract/reviewing.ts';
import type { BlobDraft } from '../../shared/events/catalogue.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { Params, Plan } from '../../shared/plan.ts';
import { Problem } from '../../shared/problem.ts';
import type { Run, RunNews, RunState, RunSubtask, RunWish, WantedBounds } from '../../shared/run.ts';
import { afterLong } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { LiveRun } from './carrying/live-run.ts';
import type { ListedPart } from './carrying/planned-part.ts';
import { previewOf } from './carrying/preview.ts';
import { realCeiling } from './carrying/real-ceiling.ts';
import { raisedCeiling, raisedDraft } from './carrying/raised-ceiling.ts';
import type { RunNeeds } from './carrying/run-needs.ts';
import { detailsOf } from './looking/part-details.ts';
import { jsonBlob } from './looking/blobs.ts';
import { Changes } from './looking/changes.ts';
import { followRun, itself, itsPlan, type RunChange } from './looking/follow-run.ts';
import { RunLook } from './looking/run-look.ts';
import { RunQueue } from './queue.ts';
import type { RunParts } from './run-parts.ts';
import type { RunRow } from './run-row.ts';
import { begunRuns, openRuns, queuedRuns } from './run-rows.ts';
import { Places } from './scheduling/places.ts';

const system: Actor = { kind: 'system' };

/** Goals, recipes and plans at work: queued, planned, carried out part by part, and gone on with after a restart. */
export class Runs {
  readonly #parts: RunParts;
  readonly #look: RunLook;
  readonly #needs: RunNeeds;
  readonly #queue = new RunQueue();
  readonly #live = new Map<string, LiveRun>();
  readonly #watch: Changes<Id<'run'>>;
  readonly #followed = new Map<string, Changes<RunChange>>();
  #closing = false;

  private constructor(parts: RunParts) {
    this.#parts = parts;
    const { record, clock, log, planning, sessions, files, reviews } = parts;
    this.#look = new RunLook(record, (id) => this.#live.get(id)?.look());
    this.#watch = new Changes(clock);
    const limits = () => ({
      parts: record.settings()['runs.parts'] ?? 8,
      provider: record.settings()['runs.providerParts'] ?? 4,
    });
    this.#needs = {
      record,
      clock,
      after: (milliseconds, call) => afterLong(clock, milliseconds, call),
      log,
      look: this.#look,
      places: new Places(limits),
      planning,
      sessions,
      files,
      reviews,
      settings: () => record.settings(),
      changed: (run, what) => this.#changed(run, what),
    };
  }

  /** With the runs of earlier lives: those that had begun go on at once, the others when it is their turn. */
  static async open(parts: RunParts): Promise<Runs> {
    const runs = new Runs(parts);
    await runs.#takeUp();
    return runs;
  }

  /** For whoever was given these very folders and no others: one that has become a link meanwhile is refused. */
  async submitExactly(wish: RunWish, by: Actor): Promise<Run> {
    const { ceiling, problems } = await realCeiling(wish.ceiling);
    const moved = wish.ceiling.folders.find(({ path }, i) => path !== ceiling.folders[i]?.path);
    if (moved) throw new Problem('forbidden', `${moved.path} leads somewhere else now.`, 'Ask again.');
    return this.#submit(wish, problems, by);
  }

  /** `objective`: the event that said that one was due, where it is begun by a schedule. */
  async submit(given: RunWish, by: Actor, objective?: number): Promise<Run> {
    const { ceiling, problems } = await realCeiling(given.ceiling);
    return this.#submit({ ...given, ceiling }, problems, by, objective);
  }

  async #submit(wish: RunWish, found: readonly string[], by: Actor, objective?: number): Promise<Run> {
    const { problems } = await this.#previewOf(wish, found);
    if (problems.length > 0) {
      throw new Problem(
        'invalid_input',
        problems.join('\n'),
        'Nothing was started. Mend this, and start it again.',
      );
    }
    return this.#request(wish, by, null, objective);
  }

  async preview(given: RunWish): Promise<PlanPreview> {
    const { ceiling, problems } = await realCeiling(given.ceiling);
    return this.#previewOf({ ...given, ceiling }, problems);
  }

  async #previewOf(wish: RunWish, problems: readonly string[]): Promise<PlanPreview> {
    const runFolder = this.#parts.files.folderOf('run_preview');
    const preview = await previewOf(await this.#parts.planning(), wish, runFolder);
    return { ...preview, problems: [...problems, ...preview.problems] };
  }

  async list({
    state,
    text,
    most,
  }: {
    state?: RunState | undefined;
    text?: string | undefined;
    most: number;
  }) {
    const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const found: Run[] = [];
    for (const id of this.#look.ids()) {
      if (found.length >= most) break;
      const run = await this.#look.run(id);
      if (state !== undefined && run.state !== state) continue;
      const said = `${run.title} ${run.invocation.kind === 'goal' ? run.invocation.goal : ''}`.toLowerCase();
      if (words.every((word) => said.includes(word))) found.push(run);
    }
    return found;
  }

  async *watch(signal: AbortSignal): AsyncGenerator<Run, void> {
    const changes = this.#watch.follow(signal);
    const first = changes.next();
    for (const { id } of this.#parts.record.rows(openRuns)) yield await this.#look.run(String(id));
    for (let next = await first; !next.done; next = await changes.next()) {
      for (const id of next.value) {
        if (signal.aborted) return;
        yield await this.#look.run(id);
      }
    }
  }

  async get(run: string): Promise<Run> {
    return this.#look.run(this.#look.existing(run));
  }

  has(run: string): boolean {
    return this.#look.has(run);
  }

  async plan(
    run: string,
    round: number | undefined,
  ): Promise<{ plan: Plan | null; subtasks: RunSubtask[]; round: number }> {
    const row = this.#look.row(this.#look.existing(run));
    const waiting = round === undefined ? await this.#look.waitingPlan(row) : null;
    // Its parts have no ids yet: it may still be changed, or refused.
    if (waiting) return { plan: waiting, subtasks: [], round: row.rounds };
    const seq = await this.#look.planOfRound(row, round);
    const produced = seq === null ? null : await this.#look.produced(seq);
    if (!produced) {
      if (round !== undefined) throw new Problem('not_found', `It has no plan ${round}.`);
      return { plan: null, subtasks: [], round: row.rounds };
    }
    const { plan, listed } = produced;
    return { plan, subtasks: this.#look.subtasks(row, listed), round: round ?? row.rounds };
  }

  async subtask(run: string, name: string, round?: number) {
    const row = this.#look.row(this.#look.existing(run));
    const seq = await this.#look.planOfRound(row, round);
    const listed = (seq === null ? [] : await this.#look.listed(seq)).find((part) => part.name === name);
    if (!listed) throw new Problem('not_found', `There is no part “${name}” in the plan of this run.`);
    const details = await detailsOf(await this.#parts.planning(), this.#look, { ...row, plan: seq }, name);
    const answer = await this.#look.answer(this.#look.partRow(row.id, listed.id));
    return { subtask: this.#look.subtasks(row, [listed])[0]!, ...details, answer };
  }

  async *follow(run: string, signal: AbortSignal): AsyncGenerator<RunNews, void> {
    const id = this.#look.existing(run);
    const changes = this.#followed.get(id) ?? new Changes<RunChange>(this.#parts.clock);
    this.#followed.set(id, changes);
    try {
      const listed = async () => this.#live.get(id)?.parts ?? (await this.#listed(this.#look.row(id)));
      const pieces = () => this.#pieces(id);
      yield* followRun({ id, look: this.#look, changes, listed, pieces }, signal);
    } finally {
      if (!changes.followed) this.#followed.delete(id);
    }
  }

  async answerPlan(
    run: string,
    answer: 'start' | 'refuse',
    given: { plan: Plan | null; widen: boolean },
    by: Actor,
  ): Promise<Run> {
    await this.#alive(run, 'Its plan can no longer be answered').answer(answer, given, by);
    return this.get(run);
  }

  async pause(run: string, by: Actor): Promise<Run> {
    const live = this.#alive(run, 'It cannot be paused');
    if (!live.paused) await live.pause(by);
    return this.get(live.id);
  }

  async resume(run: string, by: Actor): Promise<Run> {
    const live = this.#alive(run, 'It cannot go on');
    if (live.paused) await live.resume(by);
    return this.get(live.id);
  }

  async stop(run: string, by: Actor): Promise<Run> {
    const id = this.#look.existing(run);
    const whom = by.kind === 'operator' ? 'a person' : 'a client';
    if (this.#queue.remove(id)) this.#begin(id);
    await this.#live.get(id)?.stop(`It was stopped by ${whom}.`, by);
    return this.get(id);
  }

  async retry(run: string, by: Actor): Promise<Run> {
    const row = this.#finished(run);
    const rows = this.#look.partRows(row.id);
    const listed = await this.#listed(row);
    const from = listed.filter(({ id }) => rows.get(id)?.state !== 'done').map(({ name }) => name);
    if (from.length === 0 && row.outcome?.label === 'success') {
      throw new Problem(
        'conflict',
        'Nothing of it failed.',
        'Fork it from the part that is to be done again.',
      );
    }
    return this.#fork(row, from, {}, by);
  }

  async fork(run: string, from: readonly string[], params: Record<string, Params>, by: Actor): Promise<Run> {
    const row = this.#finished(run);
    const names = new Set((await this.#listed(row)).map(({ name }) => name));
    const unknown = [...from, ...Object.keys(params)].find((name) => !names.has(name));
    if (unknown !== undefined) {
      throw new Problem('invalid_input', `There is no part “${unknown}” in the plan of this run.`);
    }
    return this.#fork(row, from, params, by);
  }

  /** What it may spend in all from now on; of one that is over, what it is retried or forked with. */
  async raise(run: string, wanted: WantedBounds, by: Actor): Promise<Run> {
    const row = this.#look.row(this.#look.existing(run));
    const live = this.#live.get(row.id);
    if (live) await live.raise(wanted, by);
    else if (row.outcome?.label === 'success')
      throw new Problem('conflict', 'It is over, and nothing of it failed.');
    else {
      const ceiling = raisedCeiling(row.ceiling, wanted);
      await this.#parts.record.append(raisedDraft(row.id, row.ceiling, ceiling, by, []));
    }
    this.#changed(row.id);
    return this.get(row.id);
  }

  async pin(run: string, pinned: boolean, by: Actor): Promise<Run> {
    const { id } = this.#look.row(this.#look.existing(run));
    await this.#parts.record.append({ kind: 'run.pinned', actor: by, scope: { run: id }, data: { pinned } });
    this.#changed(id);
    return this.get(id);
  }

  /** Its time was over; whoever looks at it hears so. */
  folderRemoved(run: Id<'run'>): void {
    this.#changed(run);
  }

  async output(run: string, path: string, offset: number) {
    const row = this.#look.row(this.#look.existing(run));
    const parts = [...this.#look.partRows(row.id).values()];
    const known = [...row.outputs, ...parts.flatMap(({ outputs }) => outputs)].findLast(
      (each) => each.path === path,
    );
    if (!known) throw new Problem('not_found', `${path} is nothing that this run left.`);
    return this.#parts.files.read(known, offset, row.id);
  }

  /** What all its parts changed in folders under review. */
  changes(run: string): Promise<FolderChanges[]> {
    return this.#parts.reviews.changes(this.#existing(run));
  }

  change(run: string, key: string) {
    return this.#parts.reviews.change(this.#existing(run), key);
  }

  async apply(run: string, keys: readonly string[] | null, by: Actor) {
    const row = this.#existing(run);
    const done = await this.#parts.reviews.apply(row, keys, by);
    this.#changed(row.id);
    return { ...done, run: await this.get(row.id) };
  }

  async discard(run: string, by: Actor): Promise<Run> {
    const row = this.#existing(run);
    await this.#parts.reviews.discard(row, by);
    this.#changed(row.id);
    return this.get(row.id);
  }

  async asRecipe(run: string, { name, title }: { name: string; title: string }): Promise<{ text: string }> {
    const row = this.#look.row(this.#look.existing(run));
    const produced = row.plan === null ? null : await this.#look.produced(row.plan);
    if (!produced) throw new Problem('conflict', 'It was never planned, so there is nothing to save.');
    const planning = await this.#parts.planning();
    const { invocation } = await this.#look.wish(row);
    const saved = { name, title, description: '' };
    const text =
      invocation.kind === 'recipe'
        ? await planning.recipeAsRecipe(invocation.recipe, invocation.params, saved)
        : planning.asRecipe(produced.plan, row.ceiling, saved);
    return { text };
  }

  /** Nothing new begins; what runs is gone on with by the next life. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#live.values()].map((live) => live.leave()));
  }

  async #takeUp(): Promise<void> {
    const { record } = this.#parts;
    const begun = record.rows(begunRuns).map(({ id }) => String(id));
    const lives = begun.map((id) => new LiveRun(this.#needs, this.#look.row(id)));
    const interrupted = lives.filter(({ row }) => row.phase !== 'asking' && !row.paused);
    if (interrupted.length > 0) {
      await record.appendAll(
        interrupted.map(({ id }) => ({
          kind: 'run.interrupted',
          actor: system,
          scope: { run: id },
          data: { running: this.#running(id) },
        })),
      );
    }
    for (const { id, priority } of record.rows(queuedRuns)) {
      this.#queue.add({ id: String(id) as Id<'run'>, priority: Number(priority) });
    }
    for (const live of lives) this.#go(live);
    this.#admit();
  }

  #running(run: string): number {
    return [...this.#look.partRows(run).values()].filter(({ state }) => state === 'running').length;
  }

  async #fork(row: RunRow, from: readonly string[], params: Record<string, Params>, by: Actor): Promise<Run> {
    const wish = await this.#look.wish(row);
    const { ceiling } = row;
    return this.#request({ ...wish, title: row.title, ceiling }, by, {
      run: row.id,
      from: [...from],
      params,
    });
  }

  async #request(
    wish: RunWish,
    by: Actor,
    fork: { run: Id<'run'>; from: string[]; params: Record<string, Params> } | null,
    objective?: number,
  ): Promise<Run> {
    if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and starts nothing new.');
    const { record, clock, files } = this.#parts;
    const id = newId('run', clock.now());
    const { priority, ceiling, invocation } = wish;
    const blobs: BlobDraft[] = [jsonBlob('wish.json', wish)];
    if (fork && Object.keys(fork.params).length > 0) blobs.push(jsonBlob('params.json', fork.params));
    await record.append({
      kind: 'run.requested',
      actor: by,
      scope: { run: id },
      data: {
        title: wish.title ?? titleOf(wish),
        kind: invocation.kind,
        priority,
        approvePlan: wish.approvePlan,
        ceiling,
        folder: files.folderOf(id),
        ...(objective === undefined ? {} : { objective }),
        ...(fork ? { forkOf: { run: fork.run, from: fork.from.slice(0, 1000) } } : {}),
      },
      blobs,
    });
    this.#queue.add({ id, priority });
    this.#changed(id);
    this.#admit();
    return this.get(id);
  }

  /** Starts what waits, as many as may run at once; those that wait for a person or are paused leave their place. */
  #admit(): void {
    const most = this.#parts.record.settings()['runs.concurrency'] ?? 4;
    while (!this.#closing) {
      const working = [...this.#live.values()].filter(({ asks, paused }) => !asks && !paused).length;
      if (working >= most) return;
      const next = this.#queue.take();
      if (next === null) return;
      this.#begin(next);
    }
  }

  #begin(id: Id<'run'>): void {
    const row = this.#look.row(id);
    this.#go(new LiveRun(this.#needs, row));
  }

  #go(live: LiveRun): void {
    this.#live.set(live.id, live);
    void live.go().then(() => {
      if (this.#look.row(live.id).phase === 'finished') this.#live.delete(live.id);
      this.#changed(live.id, 'plan');
      this.#admit();
    });
  }

  #alive(run: string, not: string): LiveRun {
    const id = this.#look.existing(run);
    const live = this.#live.get(id);
    if (live) return live;
    const { phase } = this.#look.row(id);
    throw new Problem('conflict', `${not}: it ${phase === 'queued' ? 'has not begun' : 'is over'}.`);
  }

  #existing(run: string): RunRow {
    return this.#look.row(this.#look.existing(run));
  }

  #finished(run: string): RunRow {
    const row = this.#existing(run);
    if (row.phase === 'finished') return row;
    throw new Problem('conflict', 'It is not over yet.', 'Stop it, or wait for its end.');
  }

  async #listed(row: RunRow): Promise<readonly ListedPart[]> {
    return row.plan === null ? [] : this.#look.listed(row.plan);
  }

  async *#pieces(id: Id<'run'>): AsyncGenerator<readonly ListedPart[], void> {
    const parts = this.#live.get(id)?.parts;
    if (parts) {
      yield parts;
      return;
    }
    const { plan } = this.#look.row(id);
    if (plan !== null) yield* this.#look.pieces(plan);
  }

  #changed(run: Id<'run'>, what?: readonly string[] | 'plan'): void {
    this.#look.forget(run);
    this.#watch.tell([run]);
    const changes = this.#followed.get(run);
    if (changes) changes.tell(what === 'plan' ? [itself, itsPlan] : [itself, ...(what ?? [])]);
    const asks = this.#live.get(run)?.asks === true;
    // A plan that waits for a person leaves its place to another run.
    if (asks) this.#admit();
  }
}

function titleOf({ invocation }: RunWish): string {
  switch (invocation.kind) {
    case 'goal':
      return firstLine(invocation.goal);
    case 'agent':
      return firstLine(invocation.text);
    case 'recipe':
      return invocation.recipe;
    case 'plan':
      return firstLine(invocation.plan.subtasks.map(({ title, id }) => title ?? id).join(', '));
  }
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
