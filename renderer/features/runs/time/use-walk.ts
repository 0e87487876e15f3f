import { useCallback, useMemo, useState } from 'react';
import type { Run, RunSubtask } from '../../../../shared/run.ts';
import { useHouse } from '../../../bridge/house.ts';
import { useTask } from '../../../bridge/use-task.ts';
import { everyPart, partsAt, planAt, planWords, runAt } from './at-step.ts';
import { type Journal, type JournalStep, readJournal } from './journal.ts';

export interface Walk {
  /** Null while nobody walks: everything is shown as it is. */
  readonly at: number | null;
  readonly steps: readonly JournalStep[];
  readonly step: JournalStep | null;
  readonly busy: boolean;
  readonly problem: ReturnType<typeof useTask>['problem'];
  /** The run and its parts as they are shown. */
  readonly run: Run;
  readonly parts: readonly RunSubtask[];
  /** Those whose work the time line shows: of every plan there was. */
  readonly worked: readonly RunSubtask[];
  /** Which of several plans is shown; null: the only one, or none. */
  readonly round: number | null;
  /** What stands for the shape of the graph while it is walked: another number for another plan, none of them a live one. */
  readonly shape: number | null;
  /** When it was planned again. */
  readonly turns: readonly number[];
  /** Which of several plans is shown. */
  readonly plan: string;
  readonly begin: () => void;
  readonly to: (at: number) => void;
  /** To where a part began. */
  readonly toPart: (id: string) => void;
  readonly end: () => void;
}

const nothing: Journal = { steps: [], plans: [] };
/** Before the first plan; those of the plans are below it. */
const unplanned = -2;

/** Walks the journal of a run from event to event. */
export function useWalk(run: Run, parts: readonly RunSubtask[]): Walk {
  const { client } = useHouse();
  const [at, setAt] = useState<number | null>(null);
  const {
    run: read,
    result,
    busy,
    problem,
  } = useTask((signal) => readJournal(client, run.id, parts, signal));
  const journal = result ?? nothing;
  const { steps } = journal;
  const begin = useCallback(() => {
    void read().then((found) => found && setAt(Math.min(1, found.steps.length)));
  }, [read]);
  const to = useCallback((next: number) => setAt(Math.max(0, Math.min(steps.length, next))), [steps.length]);
  const toPart = useCallback((id: string) => to(steps.findIndex(({ part }) => part === id) + 1), [steps, to]);
  const end = useCallback(() => setAt(null), []);
  const turns = useMemo(
    () => steps.flatMap(({ plan, time }) => (plan !== null && plan.round > 1 ? [time] : [])),
    [steps],
  );
  const shown = useMemo(() => {
    if (at === null) return { run, parts, worked: parts, round: null, shape: null, plan: '', turns: [] };
    const round = planAt(journal, at)?.round ?? null;
    return {
      run: runAt(run, journal, at),
      parts: partsAt(journal, at),
      worked: everyPart(journal),
      round: journal.plans.length > 1 ? round : null,
      shape: unplanned - (round ?? 0),
      plan: planWords(journal, at),
      turns,
    };
  }, [at, run, parts, journal, turns]);
  const step = at === null ? null : (steps[at - 1] ?? null);
  return { at, steps, step, busy, problem, ...shown, begin, to, toPart, end };
}
