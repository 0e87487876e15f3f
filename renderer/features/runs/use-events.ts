import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { EventFilter } from '../../../shared/contract/record.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Problem } from '../../../shared/problem.ts';
import { useHouse } from '../../bridge/house.ts';
import { useTask } from '../../bridge/use-task.ts';

const page = 100;
/** Of those that arrive: who wants the rest finds it on the record. */
const mostKept = 5000;

export interface Events {
  /** The newest first. */
  readonly events: readonly RecordedEvent[];
  readonly more: boolean;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly older: () => void;
}

/** The newest page of what a filter finds, and what arrives; older pages when somebody wants them. */
export function useEvents(filter: EventFilter): Events {
  const house = useHouse();
  const question = JSON.stringify(filter);
  const [known, setKnown] = useState<{ events: readonly RecordedEvent[]; next: number | null }>({
    events: [],
    next: null,
  });
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(known);
  latest.current = known;

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const asked = JSON.parse(question) as EventFilter;
    const begin = async () => {
      await house.connection.connected(signal);
      const first = await house.client.record.query({ filter: asked, limit: page }, { signal });
      setKnown({ events: first.events, next: first.next });
      const each = (arrived: readonly RecordedEvent[]) =>
        setKnown((before) => ({
          ...before,
          events: [...arrived.toReversed(), ...before.events].slice(0, mostKept),
        }));
      await house.followRecord({ from: (first.events[0]?.seq ?? -1) + 1, filter: asked, each }, signal);
    };
    begin().catch((thrown: unknown) => !signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house, question]);

  const earlier = useTask(async (signal) => {
    const { next } = latest.current;
    if (next === null) return;
    const found = await house.client.record.query(
      { filter: JSON.parse(question) as EventFilter, before: next, limit: page },
      { signal },
    );
    setKnown((before) => ({ events: [...before.events, ...found.events], next: found.next }));
  });
  return {
    events: known.events,
    more: known.next !== null && known.events.length < mostKept,
    busy: earlier.busy,
    problem: problem ?? earlier.problem,
    older: () => void earlier.run(),
  };
}
