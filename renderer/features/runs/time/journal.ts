import { sentenceOf } from '../../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { RunSubtask, SubtaskState } from '../../../../shared/run.ts';
import type { Client } from '../../../bridge/client.ts';

/** What the journal of a run says in order, as far as its parts are concerned. */
export interface JournalStep {
  readonly seq: number;
  readonly time: number;
  readonly words: string;
  /** Null: it is about the run as a whole. */
  readonly part: string | null;
  readonly state: SubtaskState | null;
}

const kinds = ['run.*', 'plan.*', 'orchestration.selected', 'subtask.*'];
const page = 500;
/** Longer journals are walked this far: a step more could not be told from the one before on any screen. */
const mostSteps = 20_000;

/** The journal from its beginning; pages are asked for one by one. */
export async function readJournal(client: Client, run: string, signal: AbortSignal): Promise<JournalStep[]> {
  const steps: JournalStep[] = [];
  for (let after: number | null = -1; after !== null && steps.length < mostSteps;) {
    const found: Awaited<ReturnType<Client['record']['query']>> = await client.record.query(
      { filter: { run, kinds }, after, limit: page },
      { signal },
    );
    steps.push(...found.events.map(stepOf));
    after = found.next;
  }
  return steps;
}

export function stepOf(event: RecordedEvent): JournalStep {
  const data = (event.data ?? {}) as {
    name?: unknown;
    ok?: unknown;
    again?: unknown;
    outcome?: { label?: string };
  };
  const part = typeof data.name === 'string' ? data.name : null;
  return {
    seq: event.seq,
    time: Date.parse(event.time),
    words: sentenceOf(event),
    part,
    state: part === null ? null : stateAfter(event.kind, data),
  };
}

function stateAfter(
  kind: string,
  { ok, again, outcome }: { ok?: unknown; again?: unknown; outcome?: { label?: string } },
): SubtaskState | null {
  if (kind === 'subtask.started') return 'running';
  if (kind === 'subtask.expired') return 'failed';
  if (kind !== 'subtask.finished') return null;
  if (ok === true) return 'done';
  if (again !== undefined) return 'ready';
  return outcome?.label === 'cancelled' ? 'cancelled' : 'failed';
}

/** The parts as they stood after so many steps. */
export function partsAt(
  parts: readonly RunSubtask[],
  steps: readonly JournalStep[],
  count: number,
): RunSubtask[] {
  const states = new Map<string, SubtaskState>();
  const began = new Map<string, number>();
  const time = steps[count - 1]?.time ?? 0;
  for (const { part, state, time: at } of steps.slice(0, count)) {
    if (part === null || state === null) continue;
    states.set(part, state);
    if (state === 'running') began.set(part, at);
  }
  return parts.map((part) => {
    const state = states.get(part.name) ?? (part.kept ? 'done' : 'waiting');
    const started = began.get(part.name);
    const over = state !== 'running' && state !== 'waiting' && state !== 'ready';
    return {
      ...part,
      state,
      started: started === undefined ? null : new Date(started).toISOString(),
      ended: over
        ? part.ended
        : started === undefined
          ? null
          : new Date(Math.max(time, started)).toISOString(),
      outcome: over ? part.outcome : null,
    };
  });
}
