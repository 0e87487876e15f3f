import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import { useHouse, useConnection } from './house.ts';
import type { Client } from './client.ts';
import type { EventFilter } from '../../shared/contract/record.ts';

export interface Answer<Value> {
  value: Value | null;
  problem: Problem | null;
  again: () => void;
}

export const getSettings = (client: Client, signal: AbortSignal) =>
  client.settings.get(undefined, { signal });

/**
 * An answer of the house that is kept true: it is asked again whenever one of the given kinds of event
 * goes on the record, whoever caused it.
 */
export function useAnswer<Value>(
  ask: (client: Client, signal: AbortSignal) => Promise<Value>,
  kinds: readonly string[],
): Answer<Value> {
  const house = useHouse();
  const { phase } = useConnection();
  const [state, setState] = useState<{ value: Value | null; problem: Problem | null }>({
    value: null,
    problem: null,
  });
  const [epoch, setEpoch] = useState(0);
  const again = useCallback(() => setEpoch((count) => count + 1), []);
  const names = kinds.join(' ');

  useEffect(() => {
    if (phase !== 'connected') return;
    const life = new AbortController();
    ask(house.client, life.signal).then(
      (value) => !life.signal.aborted && setState({ value, problem: null }),
      (thrown: unknown) =>
        !life.signal.aborted && setState((before) => ({ ...before, problem: problemOf(thrown) })),
    );
    return () => life.abort();
  }, [house, ask, phase, epoch]);

  useEffect(() => {
    const life = new AbortController();
    const filter: EventFilter = { kinds: names.split(' ') };
    house
      .followRecord({ filter, each: again }, life.signal)
      .catch(
        (thrown: unknown) =>
          !life.signal.aborted && setState((before) => ({ ...before, problem: problemOf(thrown) })),
      );
    return () => life.abort();
  }, [house, names, again]);

  return { ...state, again };
}
