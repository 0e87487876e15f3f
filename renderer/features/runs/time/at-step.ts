import type { Run, RunState, RunSubtask, SubtaskState } from '../../../../shared/run.ts';
import type { Journal, JournalStep } from './journal.ts';

/** The plan that counted after so many steps; null before the first. */
export function planAt({ steps }: Journal, count: number): NonNullable<JournalStep['plan']> | null {
  return steps.slice(0, count).findLast(({ plan }) => plan !== null)?.plan ?? null;
}

/** The parts of the plan that counted after so many steps, as they stood then. */
export function partsAt({ steps, plans }: Journal, count: number): RunSubtask[] {
  const plan = planAt({ steps, plans }, count);
  if (!plan) return [];
  const known = statesAfter(steps.slice(0, count));
  const over = steps.slice(0, count).some(({ kind }) => kind === 'run.finished');
  const now = new Date(steps[count - 1]?.time ?? 0).toISOString();
  return (plans[plan.round - 1] ?? []).map((part) => {
    const kept = plan.kept.has(part.name);
    const {
      began,
      tries = 0,
      state = over ? part.state : kept ? 'done' : 'waiting',
    } = known.get(part.id) ?? {};
    const ended = !atWork.has(state);
    return {
      ...part,
      state,
      kept,
      attempt: tries,
      started: began === undefined ? null : new Date(began).toISOString(),
      ended: ended ? part.ended : began === undefined ? null : now,
      outcome: ended ? part.outcome : null,
      outputs: ended ? part.outputs : [],
    };
  });
}

const atWork: ReadonlySet<SubtaskState> = new Set(['waiting', 'ready', 'running', 'asking']);

function statesAfter(steps: readonly JournalStep[]) {
  const known = new Map<string, { state: SubtaskState; began?: number; tries?: number }>();
  for (const { part, state, time } of steps) {
    if (part === null || state === null) continue;
    const before = known.get(part);
    if (state === 'running') known.set(part, { state, began: time, tries: (before?.tries ?? 0) + 1 });
    else known.set(part, { ...before, state });
  }
  return known;
}

/** The run as it stood after so many steps: what came of it is not known before its end. */
export function runAt(run: Run, journal: Journal, count: number): Run {
  const steps = journal.steps.slice(0, count);
  if (steps.some(({ kind }) => kind === 'run.finished')) return run;
  const parts = partsAt(journal, count);
  const counts = { ...run.counts };
  for (const state of Object.keys(counts) as SubtaskState[]) counts[state] = 0;
  for (const { state } of parts) counts[state] = (counts[state] ?? 0) + 1;
  const started = steps.find(({ kind }) => kind === 'run.started');
  return {
    ...run,
    state: stateOf(steps),
    started: started ? new Date(started.time).toISOString() : null,
    ended: null,
    outcome: null,
    outputs: [],
    result: null,
    waits: 0,
    counts,
    rounds: planAt(journal, count)?.round ?? 0,
    interrupted: steps.filter(({ kind }) => kind === 'run.interrupted').length,
  };
}

const states: Readonly<Record<string, RunState>> = {
  'run.requested': 'queued',
  'run.started': 'planning',
  'plan.asked': 'asking',
  'plan.answered': 'planning',
  'plan.replanned': 'planning',
  'plan.produced': 'running',
};

function stateOf(steps: readonly JournalStep[]): RunState {
  const paused = steps.findLast(({ kind }) => kind === 'run.paused' || kind === 'run.resumed');
  if (paused?.kind === 'run.paused') return 'paused';
  const last = steps.findLast(({ kind }) => states[kind] !== undefined);
  return states[last?.kind ?? ''] ?? 'queued';
}

/** All that was ever part of a plan of it, each once. */
export function everyPart({ plans }: Journal): RunSubtask[] {
  return [...new Map(plans.flat().map((part) => [part.id, part])).values()];
}

/** That there was more than one plan, and which of them is looked at; empty where there was one. */
export function planWords({ steps, plans }: Journal, count: number): string {
  const plan = planAt({ steps, plans }, count);
  if (!plan || plans.length === 1) return '';
  const words = `plan ${plan.round} of ${plans.length}`;
  return plan.round === 1 ? words : `planned again: ${words}`;
}
