import { dollars } from '../../shared/money-words.ts';
import type { TokenBudget } from '../../shared/token-budget.ts';
import { countOf } from '../ui/words.ts';

/** What may be spent, and how often anew. */
export function budgetWords(budget: TokenBudget | null): string {
  if (!budget || (budget.tokens === null && budget.micros === null)) return 'none of its own';
  const parts = [
    budget.tokens === null ? '' : `${countOf(budget.tokens)} tokens`,
    budget.micros === null ? '' : dollars(budget.micros),
  ].filter((part) => part !== '');
  const period = budget.periodSeconds === 0 ? 'in all' : `every ${periodWords(budget.periodSeconds)}`;
  return `${parts.join(' and ')} ${period}`;
}

function periodWords(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, unit] = units.find(([each]) => seconds % each === 0) ?? [1, 'second'];
  const count = seconds / size;
  return count === 1 ? unit : `${count} ${unit}s`;
}
