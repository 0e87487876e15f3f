import { problemOf } from '../../../../shared/contract/problems.ts';
import { sentenceOf } from '../../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { RunSubtask, SubtaskState } from '../../../../shared/run.ts';
import type { Client } from '../../../bridge/client.ts';

/** What the journal of a run says in order, as far as its parts are concerned. */
export interface JournalStep {
  readonly seq: number;
  readonly time: number;
  readonly kind: string;
  readonly words: string;
  /** Its id; null: it is about the run as a whole. */
  readonly part: string | null;
  readonly state: SubtaskState | null;
  /** The plan that counts from here on: the first is 1. */
  readonly plan: { readonly round: number; readonly kept: ReadonlySet<string> } | null;
}

export interface Journal {
  readonly steps: readonly JournalStep[];
  /** The parts of each plan there was, as they are now. */
  readonly plans: readonly (readonly RunSubtask[])[];
}

const kinds = ['run.*', 'plan.*', 'orchestration.selected', 'subtask.*'];
const page = 500;
/** Longer journals are walked this far: a step more could not be told from the one before on any screen. */
const mostSteps = 20_000;

/** The journal from its beginning, page by page, and the plans that it tells of. */
export async function readJournal(
  client: Client,
  run: string,
  parts: readonly RunSubtask[],
  signal: AbortSignal,
): Promise<Journal> {
  const steps: JournalStep[] = [];
  for (let after: number | null = -1; after !== null && steps.length < mostSteps;) {
    const found: Awaited<ReturnType<Client['record']['query']>> = await client.record.query(
      { filter: { run, kinds }, after, limit: page },
      { signal },
    );
    steps.push(...found.events.map(stepOf));
    after = found.next;
  }
  const rounds = Math.max(1, ...steps.map(({ plan }) => plan?.round ?? 0));
  if (rounds === 1) return { steps, plans: [parts] };
  const plans = Array.from({ length: rounds }, (_, at) => planOf(client, run, at + 1, signal));
  return { steps, plans: await Promise.all(plans) };
}

async function planOf(client: Client, run: string, round: number, signal: AbortSignal) {
  try {
    return (await client.runs.plan({ run, round }, { signal })).subtasks;
  } catch (thrown) {
    // One that was erased is walked without its parts.
    if (problemOf(thrown).code === 'not_found') return [];
    throw thrown;
  }
}

interface Said {
  ok?: unknown;
  again?: unknown;
  reason?: unknown;
  replans?: number;
  kept?: readonly string[];
  outcome?: { label?: string };
}

export function stepOf(event: RecordedEvent): JournalStep {
  const { kind, seq } = event;
  const data = (event.data ?? {}) as Said;
  const part = event.scope.subtask ?? null;
  return {
    seq,
    time: Date.parse(event.time),
    kind,
    words: sentenceOf(event),
    part,
    state: part === null ? null : stateAfter(kind, data),
    plan: kind === 'plan.produced' ? { round: (data.replans ?? 0) + 1, kept: new Set(data.kept) } : null,
  };
}

function stateAfter(kind: string, { ok, again, reason, outcome }: Said): SubtaskState | null {
  if (kind === 'subtask.started') return 'running';
  if (kind === 'subtask.expired') return reason === 'dependency_expired' ? 'skipped' : 'failed';
  if (kind !== 'subtask.finished') return null;
  if (ok === true) return 'done';
  if (again !== undefined) return 'ready';
  return outcome?.label === 'cancelled' ? 'cancelled' : 'failed';
}
