import { useEffect, useState } from 'react';
import type { BudgetAccount } from '../../shared/contract/budgets.ts';
import { dollars, spentMoney } from '../../shared/money-words.ts';
import { countOf } from '../ui/words.ts';
import { useHouse } from './house.ts';

/** What was spent and may be, live; null until the first answer. */
export function useBudgetAccounts(): readonly BudgetAccount[] | null {
  const house = useHouse();
  const [accounts, setAccounts] = useState<readonly BudgetAccount[] | null>(null);
  useEffect(() => {
    const life = new AbortController();
    house
      .followStream(
        (signal) => house.client.budgets.watch(undefined, { signal }),
        (state) => setAccounts(state.accounts),
        life.signal,
      )
      .catch(() => setAccounts(null));
    return () => life.abort();
  }, [house]);
  return accounts;
}

/** What of it is gone, against its bound where it has one. */
export function spentWords({ micros, tokens, unpriced }: BudgetAccount): string {
  if (micros.limit !== null) return `${spentMoney(micros.spent, unpriced)} of ${dollars(micros.limit)}`;
  if (tokens.limit !== null) return `${countOf(tokens.spent)} of ${countOf(tokens.limit)} tokens`;
  return micros.spent > 0 ? spentMoney(micros.spent, unpriced) : `${countOf(tokens.spent)} tokens`;
}
