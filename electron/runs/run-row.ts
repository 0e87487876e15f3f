import type { Usage } from '../../shared/conversation.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { EscalationSignal } from '../../shared/role.ts';
import type { Ceiling, Run, RunOutcome, RunOutput, SubtaskState } from '../../shared/run.ts';
import type { Cell } from '../audit/projection.ts';

type Cells = Readonly<Record<string, Cell>>;

/** A run as its row has it. */
export interface RunRow {
  readonly id: Id<'run'>;
  readonly title: string;
  readonly kind: Run['invocation']['kind'];
  readonly approvePlan: Run['approvePlan'];
  readonly requested: number;
  readonly priority: number;
  readonly ceiling: Ceiling;
  readonly folder: string;
  readonly forkOf: Run['forkOf'];
  readonly by: Actor;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly changed: string;
  readonly phase: 'queued' | 'planning' | 'asking' | 'running' | 'finished';
  readonly paused: boolean;
  readonly mode: 'decompose' | 'direct' | null;
  /** Why it is to end, where somebody stopped it. */
  readonly cancelled: string | null;
  /** Of the event that carries it; null: there is none yet. */
  readonly plan: number | null;
  readonly rounds: number;
  readonly total: number;
  readonly asked: number | null;
  readonly answered: number | null;
  readonly replanned: number | null;
  readonly finished: number | null;
  readonly outcome: RunOutcome | null;
  readonly outputs: RunOutput[];
  readonly pinned: boolean;
  readonly removed: boolean;
  readonly review: Run['review'];
  /** Whether its changes, or what is left of them, wait for a decision. */
  readonly reviewing: boolean;
  readonly interrupted: number;
}

/** How a part stands that has begun, or was kept. */
export interface PartStanding {
  readonly id: Id<'subtask'>;
  readonly kept: boolean;
  readonly state: SubtaskState;
  readonly attempt: number;
  readonly tier: number;
  readonly session: Id<'session'> | null;
  readonly model: string | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly outcome: RunOutcome | null;
  readonly outputs: RunOutput[];
}

/** All that is known of it. */
export interface PartRow extends PartStanding {
  readonly name: string;
  readonly inputs: string | null;
  readonly signals: EscalationSignal[];
  /** The event of its last end. */
  readonly finished: number | null;
}

const text = String;
const textOrNull = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null);
const numberOrNull = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null);
const json = (cell: Cell | undefined): unknown => (typeof cell === 'string' ? JSON.parse(cell) : null);

export function readRunRow(cells: Cells): RunRow {
  return {
    id: text(cells['id']) as Id<'run'>,
    title: text(cells['title']),
    kind: text(cells['kind']) as RunRow['kind'],
    approvePlan: text(cells['approve']) as RunRow['approvePlan'],
    requested: Number(cells['requested']),
    priority: Number(cells['priority']),
    ceiling: json(cells['ceiling']) as Ceiling,
    folder: text(cells['folder']),
    forkOf: json(cells['fork_of']) as Run['forkOf'],
    by: json(cells['made_by']) as Actor,
    created: text(cells['created']),
    started: textOrNull(cells['started']),
    ended: textOrNull(cells['ended']),
    changed: text(cells['changed']),
    phase: text(cells['phase']) as RunRow['phase'],
    paused: cells['paused'] === 1,
    mode: textOrNull(cells['mode']) as RunRow['mode'],
    cancelled: textOrNull(cells['cancelled']),
    plan: numberOrNull(cells['plan']),
    rounds: Number(cells['rounds']),
    total: Number(cells['total']),
    asked: numberOrNull(cells['asked']),
    answered: numberOrNull(cells['answered']),
    replanned: numberOrNull(cells['replanned']),
    finished: numberOrNull(cells['finished']),
    outcome: json(cells['outcome']) as RunOutcome | null,
    outputs: (json(cells['outputs']) ?? []) as RunOutput[],
    pinned: cells['pinned'] === 1,
    removed: cells['removed'] === 1,
    review: text(cells['review']) as RunRow['review'],
    reviewing: cells['reviewing'] === 1,
    interrupted: Number(cells['interrupted'] ?? 0),
  };
}

export function readPartStanding(cells: Cells): PartStanding {
  return {
    id: text(cells['id']) as Id<'subtask'>,
    kept: cells['kept'] === 1,
    state: text(cells['state']) as SubtaskState,
    attempt: Number(cells['attempt']),
    tier: Number(cells['tier']),
    session: textOrNull(cells['session']) as PartRow['session'],
    model: textOrNull(cells['model']),
    started: textOrNull(cells['started']),
    ended: textOrNull(cells['ended']),
    outcome: json(cells['outcome']) as RunOutcome | null,
    outputs: (json(cells['outputs']) ?? []) as RunOutput[],
  };
}

export function readPartRow(cells: Cells): PartRow {
  return {
    ...readPartStanding(cells),
    name: text(cells['name']),
    inputs: textOrNull(cells['inputs']),
    signals: (json(cells['signals']) ?? []) as EscalationSignal[],
    finished: numberOrNull(cells['finished']),
  };
}

export interface Spent {
  readonly usage: Usage;
  readonly cost: number | null;
}

export const nothingSpent: Spent = { usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, cost: 0 };

export function readSpent(cells: Cells | undefined): Spent {
  if (!cells) return nothingSpent;
  const number = (name: string) => Number(cells[name] ?? 0);
  return {
    usage: {
      input: number('input'),
      output: number('output'),
      cacheRead: number('cache_read'),
      cacheWrite: number('cache_write'),
    },
    // What one call cost is unknown, so what all of them cost is.
    cost: number('unpriced') > 0 ? null : number('cost'),
  };
}
