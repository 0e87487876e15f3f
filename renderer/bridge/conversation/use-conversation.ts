import { useCallback, useEffect, useRef, useState } from 'react';
import type { SessionNews } from '../../../shared/agent-session.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import { useHouse } from '../house.ts';
import { type Conversation, emptyConversation, withNews, withPage } from './conversation-store.ts';

const pageSize = 100;

export interface LiveConversation extends Conversation {
  readonly loaded: boolean;
  readonly problem: Problem | null;
  /** The page before; resolves when it is there. */
  readonly older: () => Promise<void>;
}

function soon(call: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(call, 250);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(call);
  return () => cancelAnimationFrame(frame);
}

/** A conversation from its newest page on, live, through lost connections without gap or double. */
export function useConversation(session: string): LiveConversation {
  const house = useHouse();
  const [conversation, setConversation] = useState(emptyConversation);
  const [loaded, setLoaded] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(conversation);
  latest.current = conversation;

  useEffect(() => {
    const life = new AbortController();
    let waiting: SessionNews[] = [];
    let forget: (() => void) | null = null;
    const flush = () => {
      forget = null;
      const news = waiting;
      waiting = [];
      setConversation((before) => withNews(before, news));
    };
    const hear = (news: SessionNews) => {
      if (news.kind === 'entry') newest = Math.max(newest, news.entry.seq);
      waiting.push(news);
      // Once a frame, however much arrives; a page that nobody sees gets no frames and is filled all the same.
      forget ??= soon(flush);
    };
    let first = true;
    let newest = 0;
    const open = async (signal: AbortSignal) => {
      if (first) {
        const page = await house.client.agentSessions.transcript({ session, most: pageSize }, { signal });
        setConversation(withPage(emptyConversation, page));
        newest = page.entries.at(-1)?.seq ?? 0;
        setLoaded(true);
        first = false;
      }
      setConversation((before) => ({ ...before, writing: '', thinking: '' }));
      // Whatever happened since the newest entry comes again: an entry that is there already is put in its place.
      return house.client.agentSessions.follow({ session, after: newest }, { signal });
    };
    house
      .followStream(open, hear, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => {
      life.abort();
      forget?.();
    };
  }, [house, session]);

  const older = useCallback(async () => {
    const { before } = latest.current;
    if (before === null) return;
    try {
      const page = await house.client.agentSessions.transcript({ session, before, most: pageSize });
      setConversation((present) => withPage(present, page));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }, [house, session]);
  return { ...conversation, loaded, problem, older };
}
