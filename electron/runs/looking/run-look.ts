import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import {
  type Run,
  type RunSubtask,
  type RunWish,
  type SubtaskState,
  subtaskStates,
} from '../../../shared/run.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { ListedPart } from '../carrying/planned-part.ts';
import {
  nothingSpent,
  type PartRow,
  type PartStanding,
  readPartRow,
  readPartStanding,
  readRunRow,
  readSpent,
  type RunRow,
  type Spent,
} from '../run-row.ts';
import {
  partOfRun,
  partsAmong,
  partsOfRun,
  partStates,
  runBy,
  runsBefore,
  runsFrom,
  usageAmong,
  usageOfRun,
} from '../run-rows.ts';
import { attached } from './blobs.ts';
import { listedPieces } from './listed-parts.ts';

/** What only a living run knows. */
export interface LiveLook {
  readonly detail: string | null;
  readonly counts: Record<SubtaskState, number> | null;
  readonly waits: number;
  part(name: string): { state: SubtaskState; session: Id<'session'> | null } | null;
}

const mostKept = 300;
const partsAtOnce = 500;
const mostResult = 8192;

interface Kept {
  invocation?: Run['invocation'];
  result?: string | null;
}

/** A plan as its event carries it. */
export interface ProducedPlan {
  readonly plan: Plan;
  readonly listed: readonly ListedPart[];
  readonly roles: ReadonlyMap<string, Role>;
}

/** Runs as the record has them, with what only lives in memory. */
export class RunLook {
  readonly #record: Pick<AuditRecord, 'rows' | 'blob' | 'query'>;
  readonly #live: (id: string) => LiveLook | undefined;
  readonly #kept = new Map<string, Kept>();
  /** The newest few: a plan may be large. */
  readonly #plans = new Map<number, Promise<ProducedPlan | null>>();
  readonly #listed = new Map<number, readonly ListedPart[]>();

  constructor(
    record: Pick<AuditRecord, 'rows' | 'blob' | 'query'>,
    live: (id: string) => LiveLook | undefined,
  ) {
    this.#record = record;
    this.#live = live;
  }

  /** The whole id, from a beginning that only it has. */
  existing(beginning: string): Id<'run'> {
    const found = /^[a-z0-9_]+$/.test(beginning)
      ? this.#record.rows(runsFrom, beginning, `${beginning}~`).map(({ id }) => String(id))
      : [];
    const [first] = found;
    if (first === undefined) {
      throw new Problem('not_found', `There is no run “${beginning}”.`, 'List them with `holdfast list`.');
    }
    if (found.length > 1 && first !== beginning) {
      throw new Problem('conflict', `Several runs begin with “${beginning}”.`, 'Give more of the id.');
    }
    return first as Id<'run'>;
  }

  has(beginning: string): boolean {
    return (
      /^[a-z0-9_]+$/.test(beginning) && this.#record.rows(runsFrom, beginning, `${beginning}~`).length > 0
    );
  }

  row(id: string): RunRow {
    const [cells] = this.#record.rows(runBy, id);
    if (!cells) throw new Problem('not_found', `There is no run “${id}”.`);
    return readRunRow(cells);
  }

  async run(id: string): Promise<Run> {
    const row = this.row(id);
    const live = this.#live(id);
    const { forkOf, created, started, ended, changed, outcome, pinned, interrupted, review, reviewing } = row;
    const state = row.phase !== 'finished' && row.paused ? 'paused' : row.phase;
    return {
      id: row.id,
      title: row.title,
      state,
      detail: state === 'finished' ? null : (live?.detail ?? detailOf(row)),
      invocation: await this.#invocation(row),
      ceiling: row.ceiling,
      approvePlan: row.approvePlan,
      priority: row.priority,
      by: row.by,
      created,
      started,
      ended,
      changed,
      outcome,
      folder: row.removed ? null : row.folder,
      pinned,
      rounds: row.rounds,
      interrupted,
      forkOf,
      counts: live?.counts ?? this.#counts(row),
      waits: live?.waits ?? 0,
      result: await this.#result(row),
      outputs: row.outputs,
      review,
      reviewing,
      ...this.spent(id),
    };
  }

  /** Ids, the newest first, from before one on. */
  *ids(): Generator<string, void> {
    for (let before = '~'; ;) {
      const ids = this.#record.rows(runsBefore, before, 200).map(({ id }) => String(id));
      yield* ids;
      const last = ids.at(-1);
      if (last === undefined || ids.length < 200) return;
      before = last;
    }
  }

  spent(run: string): Spent {
    return readSpent(this.#record.rows(usageOfRun, run)[0]);
  }

  /** What was asked for, whole. */
  async wish(row: RunRow): Promise<RunWish> {
    const text = await attached(this.#record, row.requested);
    if (text !== null) return JSON.parse(text) as RunWish;
    throw new Problem('conflict', 'What was asked for was erased.', 'Start a new run instead.');
  }

  /** A plan is not read for it: it may be large. */
  async #invocation(row: RunRow): Promise<Run['invocation']> {
    if (row.kind === 'plan') return { kind: 'plan' };
    const kept = this.#keep(row.id);
    if (!kept.invocation) {
      const text = await attached(this.#record, row.requested);
      // Where it was erased, as much as the row says.
      const invocation = text === null ? null : (JSON.parse(text) as RunWish).invocation;
      kept.invocation = invocation?.kind === 'plan' ? { kind: 'plan' } : (invocation ?? unknownBut(row));
    }
    return kept.invocation;
  }

  /** The parts of a plan by its event, without the rest of it. */
  async listed(seq: number): Promise<readonly ListedPart[]> {
    const all: ListedPart[] = [];
    for await (const piece of this.pieces(seq)) all.push(...piece);
    return all;
  }

  /** The same as they are read. */
  async *pieces(seq: number): AsyncGenerator<readonly ListedPart[], void> {
    const known = this.#listed.get(seq);
    if (known) {
      yield known;
      return;
    }
    const all: ListedPart[] = [];
    for await (const piece of listedPieces(this.#record, seq)) {
      all.push(...piece);
      yield piece;
    }
    const [oldest] = this.#listed.keys();
    if (this.#listed.size >= 8 && oldest !== undefined) this.#listed.delete(oldest);
    if (all.length > 0) this.#listed.set(seq, all);
  }

  /** A plan by its event; null where it is no longer kept. */
  produced(seq: number): Promise<ProducedPlan | null> {
    const known = this.#plans.get(seq);
    if (known) return known;
    const reading = this.#read(seq);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size >= 8 && oldest !== undefined) this.#plans.delete(oldest);
    this.#plans.set(seq, reading);
    return reading;
  }

  /** The event of the plan of a round, the first being 1. */
  async planOfRound(row: RunRow, round: number | undefined): Promise<number | null> {
    if (round === undefined || round === row.rounds) return row.plan;
    const filter = { run: row.id, kinds: ['plan.produced' as const] };
    const { events } = await this.#record.query({ filter, limit: 100 });
    return events.toReversed()[round - 1]?.seq ?? null;
  }

  /** The plan that waits for a person, where one does. */
  async waitingPlan({ phase, asked }: RunRow): Promise<Plan | null> {
    const text = phase === 'asking' && asked !== null ? await attached(this.#record, asked) : null;
    return text === null ? null : (JSON.parse(text) as Plan);
  }

  partRows(run: string): Map<string, PartRow> {
    return new Map(
      this.#record.rows(partsOfRun, run).map((cells) => [String(cells['id']), readPartRow(cells)] as const),
    );
  }

  partRow(run: string, id: string): PartRow | null {
    const [cells] = this.#record.rows(partOfRun, run, id);
    return cells ? readPartRow(cells) : null;
  }

  /** Parts of a plan as they are now. */
  subtasks(row: RunRow, listed: readonly ListedPart[]): RunSubtask[] {
    const all: RunSubtask[] = [];
    for (let at = 0; at < listed.length; at += partsAtOnce) {
      all.push(...this.#subtasks(row, listed.slice(at, at + partsAtOnce)));
    }
    return all;
  }

  #subtasks(row: RunRow, listed: readonly ListedPart[]): RunSubtask[] {
    const ids = JSON.stringify(listed.map(({ id }) => id));
    const rows = new Map<string, PartStanding>();
    for (const cells of this.#record.rows(partsAmong, row.id, ids)) {
      const part = readPartStanding(cells);
      rows.set(part.id, part);
    }
    const spent = new Map<string, Spent>();
    for (const cells of this.#record.rows(usageAmong, row.id, ids)) {
      spent.set(String(cells['part']), readSpent(cells));
    }
    const live = this.#live(row.id);
    return listed.map((part) =>
      subtaskOf(row, part, {
        part: rows.get(part.id),
        spent: spent.get(part.id) ?? nothingSpent,
        live: live?.part(part.name) ?? null,
      }),
    );
  }

  answer(row: PartRow | null): Promise<string | null> {
    const seq = row?.finished ?? null;
    return seq === null ? Promise.resolve(null) : attached(this.#record, seq);
  }

  /** Something was written of it. */
  forget(id: string): void {
    const kept = this.#kept.get(id);
    if (kept) delete kept.result;
  }

  #counts(row: RunRow): Record<SubtaskState, number> {
    const counts = Object.fromEntries(subtaskStates.map((state) => [state, 0])) as Record<
      SubtaskState,
      number
    >;
    let rest = row.total;
    for (const { state, number } of this.#record.rows(partStates, row.id)) {
      counts[String(state) as SubtaskState] += Number(number);
      rest -= Number(number);
    }
    counts[restingState(row)] += Math.max(0, rest);
    return counts;
  }

  async #result(row: RunRow): Promise<string | null> {
    if (row.finished === null) return null;
    const kept = this.#keep(row.id);
    if (kept.result === undefined) {
      const text = await attached(this.#record, row.finished);
      kept.result = text === null ? null : cut(text);
    }
    return kept.result;
  }

  async #read(seq: number): Promise<ProducedPlan | null> {
    const [plan, listed, roles] = await Promise.all([
      attached(this.#record, seq, 0),
      this.listed(seq),
      attached(this.#record, seq, 2),
    ]);
    if (plan === null || roles === null || listed.length === 0) return null;
    return {
      plan: JSON.parse(plan) as Plan,
      listed,
      roles: new Map(Object.entries(JSON.parse(roles) as Record<string, Role>)),
    };
  }

  #keep(id: string): Kept {
    const known = this.#kept.get(id);
    if (known) return known;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= mostKept && oldest !== undefined) this.#kept.delete(oldest);
    const kept: Kept = {};
    this.#kept.set(id, kept);
    return kept;
  }
}

function subtaskOf(
  row: RunRow,
  { id, name, title, role, dependsOn, round }: ListedPart,
  { part, spent, live }: { part: PartStanding | undefined; spent: Spent; live: ReturnType<LiveLook['part']> },
): RunSubtask {
  return {
    id,
    name,
    title,
    role,
    dependsOn: [...dependsOn],
    state: live?.state ?? part?.state ?? restingState(row),
    kept: part?.kept ?? false,
    attempt: part?.attempt ?? 0,
    tier: part?.tier ?? 0,
    round,
    model: part?.model ?? null,
    session: live?.session ?? part?.session ?? null,
    started: part?.started ?? null,
    ended: part?.ended ?? null,
    outcome: part?.outcome ?? null,
    outputs: part?.outputs ?? [],
    usage: spent.usage,
    cost: spent.cost,
  };
}

function unknownBut({ title }: RunRow): Run['invocation'] {
  return { kind: 'goal', goal: title, mode: 'auto' };
}

/** What has no row has not begun; where the run is over, it never will. */
function restingState({ phase, cancelled }: RunRow): SubtaskState {
  if (phase !== 'finished') return 'waiting';
  return cancelled === null ? 'skipped' : 'cancelled';
}

function detailOf({ phase, paused }: RunRow): string | null {
  if (paused) return 'It is paused.';
  if (phase === 'queued') return 'It waits for its turn.';
  if (phase === 'asking') return 'Its plan waits for you.';
  return null;
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= mostResult) return text;
  return new TextDecoder().decode(bytes.subarray(0, mostResult - 4)).replace(/\uFFFD$/, '');
}
