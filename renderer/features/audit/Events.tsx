import { type Ref, useSyncExternalStore } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { EventList, type EventListHandle } from './EventList.tsx';
import type { RowSource } from './row-source.ts';

export interface EventsProps {
  source: RowSource;
  filtered: boolean;
  active: number | null;
  onActive: (seq: number) => void;
  onOpen: (seq: number) => void;
  onAtTop: (atTop: boolean) => void;
  onClear: () => void;
  list: Ref<EventListHandle>;
}

/** The list, or why there is none. */
export function Events({ source, filtered, onClear, list, ...rest }: EventsProps) {
  const nothing = useSyncExternalStore(
    (listener) => source.subscribe(listener),
    () => source.count === 0 && source.complete,
  );
  if (nothing && filtered) {
    return (
      <Empty
        title="Nothing on the record matches"
        action={<Button onClick={onClear}>Clear the search</Button>}
      >
        Every word and every field must hold. A star at the end of a word finds its beginnings, and tool.*
        finds a whole family.
      </Empty>
    );
  }
  return <EventList source={source} handle={list} {...rest} />;
}
