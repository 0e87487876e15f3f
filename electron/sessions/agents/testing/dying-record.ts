import type { Draft } from '../../../../shared/events/catalogue.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import type { AgentSessionParts } from '../../agent-session-parts.ts';

/**
 * A record that is cut off from whoever writes to it: the last append it takes is on the disk, and nobody hears of
 * it. From then on it takes nothing, as a process that was killed writes nothing.
 */
export function dyingRecord(record: AuditRecord, appends: number) {
  let left = appends;
  const died = Promise.withResolvers<void>();
  const dead = () => new Problem('storage_failed', 'This life is over.');
  const appendAll = async (drafts: readonly Draft[]) => {
    if (left <= 0) throw dead();
    left--;
    const isLast = left === 0;
    const events = await record.appendAll(drafts);
    if (!isLast) return events;
    died.resolve();
    throw dead();
  };
  const through: AgentSessionParts['record'] = {
    appendAll,
    append: async (draft) => (await appendAll([draft]))[0]!,
    rows: (sql, ...values) => record.rows(sql, ...values),
    query: (question) => record.query(question),
    blob: (seq, index, offset) => record.blob(seq, index, offset),
    searchBlobs: (question) => record.searchBlobs(question),
    follow: (question, signal) => record.follow(question, signal),
    onErased: (listener) => record.onErased(listener),
  };
  return { through, died: died.promise, taken: () => appends - left };
}
