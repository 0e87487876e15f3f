import { useCallback, useMemo, useState } from 'react';
import type { RunSubtask } from '../../../../shared/run.ts';
import { useHouse } from '../../../bridge/house.ts';
import { useTask } from '../../../bridge/use-task.ts';
import { type JournalStep, partsAt, readJournal } from './journal.ts';

export interface Walk {
  /** Null while nobody walks: everything is shown as it is. */
  readonly at: number | null;
  readonly steps: readonly JournalStep[];
  readonly step: JournalStep | null;
  readonly busy: boolean;
  readonly problem: ReturnType<typeof useTask>['problem'];
  /** The parts as they are shown. */
  readonly parts: readonly RunSubtask[];
  readonly begin: () => void;
  readonly to: (at: number) => void;
  readonly end: () => void;
}

/** Walks the journal of a run from event to event. */
export function useWalk(run: string, parts: readonly RunSubtask[]): Walk {
  const { client } = useHouse();
  const [at, setAt] = useState<number | null>(null);
  const { run: read, result, busy, problem } = useTask((signal) => readJournal(client, run, signal));
  const steps = useMemo(() => result ?? [], [result]);
  const begin = useCallback(() => {
    void read().then((found) => found && setAt(Math.min(1, found.length)));
  }, [read]);
  const to = useCallback((next: number) => setAt(Math.max(0, Math.min(steps.length, next))), [steps.length]);
  const end = useCallback(() => setAt(null), []);
  const shown = useMemo(() => (at === null ? parts : partsAt(parts, steps, at)), [at, parts, steps]);
  return {
    at,
    steps,
    step: at === null ? null : (steps[at - 1] ?? null),
    busy,
    problem,
    parts: shown,
    begin,
    to,
    end,
  };
}
