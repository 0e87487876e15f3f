import { useEffect, useState } from 'react';
import type { BudgetAccount } from '../../shared/contract/budgets.ts';
import { spentMoney } from '../../shared/money-words.ts';
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

const count = (tokens: number) => tokens.toLocaleString('en');

/** What of it is gone, against its bound where it has one. */
export function spentWords({ micros, tokens, unpriced }: BudgetAccount): string {
  if (micros.limit !== null)
    return `${spentMoney(micros.spent, unpriced, 2)} of ${spentMoney(micros.limit, 0, 2)}`;
  if (tokens.limit !== null) return `${count(tokens.spent)} of ${count(tokens.limit)} tokens`;
  return micros.spent > 0 ? spentMoney(micros.spent, unpriced, 2) : `${count(tokens.spent)} tokens`;
}
