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
 * goes on the record, whoever caused it. How far the record goes is learnt before the first asking and
 * followed from there, so that nothing falls in between.
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
  const [since, setSince] = useState<{ size: number } | null>(null);
  const [epoch, setEpoch] = useState(0);
  const again = useCallback(() => setEpoch((count) => count + 1), []);
  const fails = useCallback(
    (signal: AbortSignal) => (thrown: unknown) => {
      if (!signal.aborted) setState((before) => ({ ...before, problem: problemOf(thrown) }));
    },
    [],
  );
  const names = kinds.join(' ');

  useEffect(() => {
    if (phase !== 'connected') return;
    const { signal, end } = life();
    house.client.record
      .state(undefined, { signal })
      .then(({ size }) => !signal.aborted && setSince({ size }))
      .catch(fails(signal));
    return end;
  }, [house, phase, fails]);

  useEffect(() => {
    if (!since) return;
    const { signal, end } = life();
    ask(house.client, signal)
      .then((value) => !signal.aborted && setState({ value, problem: null }))
      .catch(fails(signal));
    return end;
  }, [house, ask, since, epoch, fails]);

  useEffect(() => {
    if (!since) return;
    const { signal, end } = life();
    const filter: EventFilter = { kinds: names.split(' ') };
    house.followRecord({ from: since.size, filter, each: again }, signal).catch(fails(signal));
    return end;
  }, [house, names, since, again, fails]);

  return { ...state, again };
}

function life(): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, end: () => controller.abort() };
}
