import type { Agent } from '../../../shared/agent.ts';
import { dollars } from '../../../shared/money-words.ts';
import type { FolderMode } from '../../../shared/session.ts';
import { countOf } from '../../ui/words.ts';

export const modeWords: Record<FolderMode, string> = {
  ro: 'is read-only',
  rw: 'is changed in place',
  review: 'is changed after your review',
};

export function sandboxWords({ kind, image }: Agent['sandbox']): string {
  if (kind === 'namespace') return 'this system, held in';
  return image === null ? 'a container' : `a container from ${image}`;
}

export function budgetWords(budget: Agent['budget']): string {
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

/** Where a line and column lie in a text. */
export function offsetIn(text: string, line: number, column: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  return Math.min(text.length, offset + column - 1);
}
