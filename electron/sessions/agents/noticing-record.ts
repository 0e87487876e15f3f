import type { Draft } from '../../../shared/events/catalogue.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';

type Record = AgentSessionParts['record'];

/** The record, where somebody hears of each session that something was written of, as soon as it is durable. */
export function noticingRecord(record: Record, wrote: (session: string) => void): Record {
  const notice = (drafts: readonly Draft[]) => {
    for (const { scope } of drafts) if (scope?.session !== undefined) wrote(scope.session);
  };
  return {
    async append(draft) {
      const event = await record.append(draft);
      notice([draft]);
      return event;
    },
    async appendAll(drafts) {
      const events = await record.appendAll(drafts);
      notice(drafts);
      return events;
    },
    rows: (sql, ...values) => record.rows(sql, ...values),
    query: (question) => record.query(question),
    blob: (seq, index, offset) => record.blob(seq, index, offset),
    searchBlobs: (question) => record.searchBlobs(question),
    follow: (question, signal) => record.follow(question, signal),
    onErased: (listener) => record.onErased(listener),
  };
}
