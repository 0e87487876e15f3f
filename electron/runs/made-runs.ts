import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { RunBounds } from '../../shared/run.ts';
import type { AuditRecord } from '../audit/record.ts';

type Rows = Pick<AuditRecord, 'rows'>;

const one = 'SELECT 1 AS made FROM run_makers WHERE maker = ? AND run = ?';
const makers = 'SELECT made_by FROM runs WHERE id = ?';
const before = 'SELECT run FROM run_makers WHERE maker = ? AND run < ? ORDER BY run DESC LIMIT ?';
const spent = `SELECT sum(u.input + u.output) AS tokens, sum(u.cost) AS micros FROM run_makers m JOIN runs r ON r.id = m.run JOIN run_usage u ON u.run = m.run WHERE m.maker = ? AND r.phase = 'finished' AND r.created >= ?`;
const unfinished = `SELECT r.ceiling AS ceiling, (SELECT sum(u.input + u.output) FROM run_usage u WHERE u.run = r.id) AS tokens, (SELECT sum(u.cost) FROM run_usage u WHERE u.run = r.id) AS micros FROM run_makers m JOIN runs r ON r.id = m.run WHERE m.maker = ? AND r.phase <> 'finished'`;

/** Whether this run was begun by this maker: a token, or a session. */
export function isMadeBy(record: Rows, maker: string, run: string): boolean {
  return record.rows(one, maker, run).length > 0;
}

/** Who began it, where that was a token or a session; null: a person, a schedule, or there is none. */
export function makerOf(record: Rows, run: string): string | null {
  const [row] = record.rows(makers, run);
  const { kind, id = null } = JSON.parse(String(row?.['made_by'] ?? '{}')) as Partial<Actor>;
  return kind === 'client' || kind === 'agent' ? id : null;
}

/** What it began, the newest first, older than one that is known. */
export function madeBy(record: Rows, maker: string, most: number, olderThan = '~'): Id<'run'>[] {
  return record.rows(before, maker, olderThan, most).map(({ run }) => String(run) as Id<'run'>);
}

/** What its runs since then have cost or may still cost: one that is at work counts as all that it may spend. */
export function spentBy(record: Rows, maker: string, since: Date | null): { tokens: number; micros: number } {
  const [over] = record.rows(spent, maker, since?.toISOString() ?? '');
  const sum = { tokens: Number(over?.['tokens'] ?? 0), micros: Number(over?.['micros'] ?? 0) };
  for (const { ceiling, tokens, micros } of record.rows(unfinished, maker)) {
    const may = JSON.parse(String(ceiling)) as Partial<RunBounds>;
    sum.tokens += Math.max(may.tokens ?? 0, Number(tokens ?? 0));
    sum.micros += Math.max(may.micros ?? 0, Number(micros ?? 0));
  }
  return sum;
}
