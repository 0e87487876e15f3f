import { useEffect, useState } from 'react';
import { sentenceOf, toneOf } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { useHouse } from '../../bridge/house.ts';
import { useRecordEpoch } from '../../bridge/use-record-epoch.ts';
import { Age } from '../../ui/Age.tsx';
import { Dot } from '../../ui/Dot.tsx';
import styles from './HappensHere.module.css';

const shown = 50;
/** Rights given and taken back are told above, in words. */
const toldAbove = new Set(['capability.granted', 'capability.revoked']);

/** The session’s own events, the newest first; what was refused has a colour. */
export function HappensHere({ session }: { session: string }) {
  const house = useHouse();
  const epoch = useRecordEpoch();
  const [events, setEvents] = useState<readonly RecordedEvent[]>([]);
  useEffect(() => {
    const life = new AbortController();
    setEvents([]);
    const each = (arrived: readonly RecordedEvent[]) =>
      setEvents((before) =>
        [...arrived.filter(({ kind }) => !toldAbove.has(kind)).toReversed(), ...before].slice(0, shown),
      );
    // Where the line is lost for good, the status line says so.
    house.followRecord({ from: 0, filter: { session }, each }, life.signal).catch(() => undefined);
    return () => life.abort();
  }, [house, session, epoch]);
  return (
    <ol className={styles.events} aria-label="Events of this session">
      {events.map((event) => {
        const refused = toneOf(event.kind) === 'refused';
        return (
          <li key={event.seq} className={styles.event} data-refused={refused || undefined}>
            <Dot tone={refused ? 'refused' : 'quiet'} {...(refused && { label: 'refused' })} />
            <span>
              {sentenceOf(event)}{' '}
              <span className={styles.age}>
                <Age time={event.time} />
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
