import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useImperativeHandle, useRef } from 'react';
import type { TranscriptEntry } from '../../../shared/agent-session.ts';
import { Button } from '../../ui/Button.tsx';
import { keyOf } from './conversation-store.ts';
import { EntryView } from './EntryView.tsx';
import styles from './Transcript.module.css';
import type { LiveConversation } from './use-conversation.ts';
import { Writing } from './Writing.tsx';

/** A little more than most entries take. */
const estimated = 90;

export interface TranscriptHandle {
  reveal: (seq: number) => Promise<void>;
}

/** What was said and done. It stays at the end while somebody is there, and where they are once they scrolled away. */
export function Transcript({
  session,
  conversation,
  handle,
}: {
  session: string;
  conversation: LiveConversation;
  handle: RefObject<TranscriptHandle | null>;
}) {
  const { entries, before, writing, thinking, older } = conversation;
  const scroller = useRef<HTMLDivElement>(null);
  const count = entries.length + 1;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimated,
    getItemKey: useCallback(
      (index: number) => {
        const entry = entries[index];
        return entry ? keyOf(entry) : 'end';
      },
      [entries],
    ),
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
  });
  const began = useRef(false);
  useEffect(() => {
    if (began.current || entries.length === 0) return;
    began.current = true;
    rows.scrollToEnd();
  }, [entries.length, rows]);
  useReveal(handle, entries, conversation, (index) => rows.scrollToIndex(index, { align: 'start' }));
  const items = rows.getVirtualItems();
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="log"
      aria-label="Transcript"
      aria-live="off"
      tabIndex={0}
    >
      {before !== null && (
        <div className={styles.older}>
          <Button look="ghost" onClick={() => void older()}>
            Earlier
          </Button>
        </div>
      )}
      <div className={styles.all} style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, key, start }) => (
          <div
            key={key}
            ref={rows.measureElement}
            data-index={index}
            className={styles.entry}
            style={{ transform: `translateY(${start}px)` }}
          >
            {index < entries.length ? (
              <EntryView session={session} entry={entries[index]!} />
            ) : (
              <Writing text={writing} thinking={thinking} />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Brings an entry there, with the pages before it where they are not yet. */
function useReveal(
  handle: RefObject<TranscriptHandle | null>,
  entries: readonly TranscriptEntry[],
  { older, before }: LiveConversation,
  scrollTo: (index: number) => void,
): void {
  const latest = useRef({ entries, before, older, scrollTo });
  latest.current = { entries, before, older, scrollTo };
  useImperativeHandle(handle, () => ({
    async reveal(seq) {
      while ((latest.current.entries[0]?.seq ?? 0) > seq && latest.current.before !== null) {
        await latest.current.older();
        await new Promise(requestAnimationFrame);
      }
      const at = latest.current.entries.findIndex((entry) => entry.seq >= seq);
      if (at >= 0) latest.current.scrollTo(at);
    },
  }));
}
