import { useEffect, useState } from 'react';
import type { BudgetState } from '../../../shared/contract/budgets.ts';
import { useConnection, useHouse } from '../../bridge/house.ts';

/** What was spent, live. */
export function useBudgets(): BudgetState | null {
  const { client } = useHouse();
  const { phase } = useConnection();
  const [state, setState] = useState<BudgetState | null>(null);
  useEffect(() => {
    if (phase !== 'connected') return;
    const life = new AbortController();
    const watch = async () => {
      for await (const next of await client.budgets.watch(undefined, { signal: life.signal })) setState(next);
    };
    // A broken connection is told by the frame, and watched again when it is back.
    watch().catch(() => undefined);
    return () => life.abort();
  }, [client, phase]);
  return state;
}
