import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { EventFilter } from '../../../shared/contract/record.ts';
import { sentenceOf, toneOf } from '../../../shared/events/catalogue.ts';
import { actorWords } from '../../bridge/actor-words.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { clockOf, countOf } from '../../ui/words.ts';
import styles from './EventsHere.module.css';
import { useEvents } from './use-events.ts';

const line = 28;

/** Events of a run or of a part, the newest first; older ones come page by page. */
export function EventsHere({ filter, all }: { filter: EventFilter; all: string }) {
  const { events, more, busy, problem, older } = useEvents(filter);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => line,
    overscan: 8,
  });
  return (
    <div ref={scroller} className={styles.scroller} tabIndex={0} role="group" aria-label="Events">
      <ProblemNote problem={problem} />
      <ol className={styles.list} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const event = events[index];
          if (!event) return null;
          const tone = toneOf(event.kind);
          return (
            <li key={event.seq} className={styles.row} style={{ transform: `translateY(${start}px)` }}>
              <a className={styles.event} href={hashOf('audit', { event: String(event.seq) })}>
                <Dot tone={tone === 'refused' || tone === 'waits' ? tone : 'quiet'} />
                <span className={styles.time}>{clockOf(new Date(event.time))}</span>
                <span className={styles.words}>
                  <b>{actorWords(event.actor)}</b> {sentenceOf(event)}
                </span>
                <span className={styles.seq}>{countOf(event.seq)}</span>
              </a>
            </li>
          );
        })}
      </ol>
      <div className={styles.end}>
        {more && (
          <Button look="ghost" busy={busy} onClick={older}>
            Earlier
          </Button>
        )}
        <a className={styles.all} href={hashOf('audit', { q: all })}>
          All of it on the record
        </a>
      </div>
    </div>
  );
}
