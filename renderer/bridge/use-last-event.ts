import { useEffect, useState } from 'react';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { useHouse } from './house.ts';

/** The latest event of some kinds in a session, while that is wanted; null until there is one. */
export function useLastEvent(
  session: string,
  kinds: readonly string[],
  isWanted: boolean,
): RecordedEvent | null {
  const house = useHouse();
  const [last, setLast] = useState<RecordedEvent | null>(null);
  const names = kinds.join(' ');
  useEffect(() => {
    setLast(null);
    if (!isWanted) return;
    const life = new AbortController();
    const each = (events: readonly RecordedEvent[]) => setLast((before) => events.at(-1) ?? before);
    // Where the line is lost for good, the status line says so.
    house
      .followRecord({ from: 0, filter: { session, kinds: names.split(' ') }, each }, life.signal)
      .catch(() => undefined);
    return () => life.abort();
  }, [house, session, names, isWanted]);
  return last;
}
