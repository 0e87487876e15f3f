import { useEffect, useState } from 'react';
import type { BudgetAccount } from '../../shared/contract/budgets.ts';
import { useHouse } from '../bridge/house.ts';
import { hashOf } from '../ui/place.ts';
import styles from './StatusLine.module.css';

/** What models have cost today, and of how much. Nothing is shown before the first call. */
export function BudgetSign() {
  const house = useHouse();
  const [today, setToday] = useState<BudgetAccount | null>(null);
  useEffect(() => {
    const life = new AbortController();
    house
      .followStream(
        (signal) => house.client.budgets.watch(undefined, { signal }),
        ({ accounts }) => setToday(accounts.find(({ kind }) => kind === 'day') ?? null),
        life.signal,
      )
      .catch(() => setToday(null));
    return () => life.abort();
  }, [house]);
  if (!today || (today.tokens.spent === 0 && today.micros.limit === null && today.tokens.limit === null))
    return null;
  return (
    <a
      href={hashOf('settings')}
      className={styles.extra}
      title={`${today.tokens.spent.toLocaleString('en')} tokens today`}
    >
      {spentWords(today)} today
    </a>
  );
}

function spentWords({ micros, tokens }: BudgetAccount): string {
  if (micros.limit !== null) return `${dollars(micros.spent)} of ${dollars(micros.limit)}`;
  if (tokens.limit !== null)
    return `${tokens.spent.toLocaleString('en')} of ${tokens.limit.toLocaleString('en')} tokens`;
  return micros.spent > 0 ? dollars(micros.spent) : `${tokens.spent.toLocaleString('en')} tokens`;
}

const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(2)}`;
