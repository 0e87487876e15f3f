import type { AgentSession, SessionNews } from '../../../../shared/agent-session.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { Id } from '../../../../shared/ids.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import type { LiveAgentSession } from '../live-agent-session.ts';
import { merged } from './merged.ts';
import type { Live } from '../session-news.ts';
import type { TranscriptPages } from './pages.ts';

interface Batch {
  readonly events: readonly RecordedEvent[];
}

export interface Followed {
  readonly record: Pick<AuditRecord, 'follow'>;
  readonly id: Id<'session'>;
  readonly live: LiveAgentSession | null;
  readonly pages: TranscriptPages;
  readonly get: () => AgentSession;
}

/** The session, what happened in it after a number, and from then on everything that happens and is being written. */
export async function* followSession(
  { record, id, live, pages, get }: Followed,
  after: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<SessionNews, void> {
  const leaving = new AbortController();
  const until = AbortSignal.any([signal, leaving.signal]);
  const events = record.follow(
    { ...(after === undefined ? {} : { from: after + 1 }), filter: { session: id } },
    until,
  );
  const happening = live === null ? [] : [live.desk.follow(until)];
  try {
    yield { kind: 'session', session: get() };
    for await (const news of merged<Batch | Live>([events, ...happening])) {
      if (!('events' in news)) {
        yield news.kind === 'changed' ? { kind: 'session', session: get() } : news;
        continue;
      }
      for (const event of news.events) {
        for (const entry of await pages.changedBy(event)) yield { kind: 'entry', entry };
        if (event.kind === 'session.ended') {
          yield { kind: 'session', session: get() };
          return;
        }
      }
      yield { kind: 'session', session: get() };
    }
  } finally {
    leaving.abort();
  }
}
