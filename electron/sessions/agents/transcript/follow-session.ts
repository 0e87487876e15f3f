import type { AgentSession, SessionNews, TranscriptEntry } from '../../../../shared/agent-session.ts';
import type { Id } from '../../../../shared/ids.ts';
import type { LoopTurns } from '../../looking/loop-turns.ts';
import type { LiveAgentSession } from '../live-agent-session.ts';
import type { Live } from '../session-news.ts';
import { merged } from './merged.ts';
import type { SessionFeeds } from './session-feeds.ts';

export interface Followed {
  readonly id: Id<'session'>;
  readonly feeds: Pick<SessionFeeds, 'follow'>;
  readonly turns: LoopTurns;
  readonly live: LiveAgentSession | null;
  readonly get: () => AgentSession;
}

const liveKinds: ReadonlySet<string> = new Set(['changed', 'writing', 'void'] satisfies Live['kind'][]);

function isLive(news: TranscriptEntry | Live): news is Live {
  return liveKinds.has(news.kind);
}

/** The session, what happened in it after a number, and from then on everything that happens and is being written. */
export async function* followSession(
  { id, feeds, turns, live, get }: Followed,
  after: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<SessionNews, void> {
  const leaving = new AbortController();
  const until = AbortSignal.any([signal, leaving.signal]);
  const entries = feeds.follow(id, after, until);
  const happening = live === null ? [] : [live.desk.follow(until)];
  try {
    yield { kind: 'session', session: get() };
    for await (const news of merged<TranscriptEntry | Live>([entries, ...happening])) {
      if (!isLive(news)) yield { kind: 'entry', entry: news };
      else if (news.kind === 'changed') {
        await turns.next();
        yield { kind: 'session', session: get() };
      } else yield news;
    }
    if (!signal.aborted) yield { kind: 'session', session: get() };
  } finally {
    leaving.abort();
  }
}
