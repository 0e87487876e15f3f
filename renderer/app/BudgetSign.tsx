import { spentWords, useBudgetAccounts } from '../bridge/budgets.ts';
import { hashOf } from '../ui/place.ts';
import { countOf } from '../ui/words.ts';
import styles from './StatusLine.module.css';

/** What models have cost today, and of how much. Nothing is shown before the first call. */
export function BudgetSign() {
  const today = useBudgetAccounts()?.find(({ kind }) => kind === 'day');
  const bounded = today && (today.micros.limit !== null || today.tokens.limit !== null);
  if (!today || (today.tokens.spent === 0 && !bounded)) return null;
  const title = `${countOf(today.tokens.spent)} tokens today`;
  return (
    <a href={hashOf('settings')} className={styles.extra} title={title}>
      {spentWords(today)} today
    </a>
  );
}
