import type { AuditRecord } from '../../audit/record.ts';
import type { AccountName, Spent } from './account.ts';

/** What the record says was spent on an account in its period. */
export function spentOn(record: Pick<AuditRecord, 'rows'>, { kind, of, since }: AccountName): Spent {
  const sums =
    'SELECT SUM(tokens) AS tokens, SUM(micros) AS micros, SUM(tokens) FILTER (WHERE micros IS NULL) AS unpriced FROM';
  const [row] =
    kind === 'run'
      ? record.rows(`${sums} run_spending WHERE run = ?`, of)
      : kind === 'session'
        ? record.rows(`${sums} session_spending WHERE session = ?`, of)
        : kind === 'agent'
          ? record.rows(
              `${sums} (SELECT tokens, micros FROM spending WHERE agent = ? AND at >= ?
              UNION ALL SELECT tokens, micros FROM agent_spending WHERE agent = ? AND at >= ?)`,
              of,
              since,
              of,
              since,
            )
          : record.rows(`${sums} spending WHERE at >= ?`, since);
  return {
    tokens: Number(row?.['tokens'] ?? 0),
    micros: Number(row?.['micros'] ?? 0),
    unpriced: Number(row?.['unpriced'] ?? 0),
  };
}
