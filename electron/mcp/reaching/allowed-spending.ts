import type { McpRights } from '../../../shared/mcp.ts';
import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { spentBy } from '../../runs/made-runs.ts';

/** What one run may spend; null: no bound. */
export interface Spending {
  readonly tokens: number | null;
  readonly micros: number | null;
}

/** The smaller of what is asked for and what the token has left for all its runs; throws where nothing is left. */
export function allowedSpending(
  record: Pick<AuditRecord, 'rows'>,
  caller: { readonly id: string; readonly rights: Pick<McpRights, 'budget'> },
  asked: Spending,
  now: Date,
): Spending {
  const { budget } = caller.rights;
  if (budget === null) return asked;
  const since = budget.periodSeconds === 0 ? null : new Date(now.getTime() - budget.periodSeconds * 1000);
  const spent = spentBy(record, caller.id, since);
  return {
    tokens: smaller(asked.tokens, left(budget.tokens, spent.tokens)),
    micros: smaller(asked.micros, left(budget.micros, spent.micros)),
  };
}

function left(most: number | null, spent: number): number | null {
  if (most === null || spent < most) return most && most - spent;
  throw new Problem(
    'budget_exhausted',
    'What your token may spend is spent, or set aside for runs that are at work.',
    'Wait for them to end, or let the person at this machine give your token more.',
  );
}

const smaller = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);
