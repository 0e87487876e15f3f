import {
  type CSSProperties,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useSyncExternalStore,
} from 'react';
import { Button } from '../../ui/Button.tsx';
import { useToday } from '../../ui/use-today.ts';
import { countOf } from '../../ui/words.ts';
import { EventLine, EventPlaceholder } from './EventLine.tsx';
import styles from './EventList.module.css';
import type { RowSource } from './row-source.ts';
import { rowHeight, useListWindow } from './use-list-window.ts';

export interface EventListHandle {
  readonly focus: () => void;
  readonly toNewest: () => void;
  readonly reveal: (seq: number) => void;
}

export interface EventListProps {
  source: RowSource;
  active: number | null;
  onActive: (seq: number) => void;
  onOpen: (seq: number) => void;
  /** Whether the newest event is in view, so that a tail may move. */
  onAtTop: (atTop: boolean) => void;
  handle: Ref<EventListHandle>;
}

/** Of the first column: the digits of the largest number in it. */
const widthOf = (count: number) => `${Math.max(5, countOf(count).length) * 7 + 22}px`;

/** All events of a source, as many as there may be; only what is in view exists. */
export function EventList({ source, active, onActive, onOpen, onAtTop, handle }: EventListProps) {
  useSyncExternalStore(
    (listener) => source.subscribe(listener),
    () => source.version,
  );
  const { scroller, base, items, first, height, atTop, further, reveal, toNewest } = useListWindow(source);
  useEffect(() => onAtTop(atTop), [atTop, onAtTop]);
  const today = useToday();

  const move = (to: number) => {
    const index = Math.max(0, Math.min(source.count - 1, to));
    const seq = source.seqAt(index);
    if (seq === undefined) return;
    onActive(seq);
    reveal(index);
  };
  useImperativeHandle(handle, () => ({
    focus: () => scroller.current?.focus(),
    toNewest,
    reveal: (seq) => {
      const index = source.indexOf(seq);
      if (index !== undefined) reveal(index);
    },
  }));

  const onKeyDown = (event: KeyboardEvent) => {
    const from = (active === null ? undefined : source.indexOf(active)) ?? first - 1;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    if (event.key === 'ArrowDown') move(from + 1);
    else if (event.key === 'ArrowUp') move(from - 1);
    else if (event.key === 'PageDown') move(from + page);
    else if (event.key === 'PageUp') move(from - page);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(source.count - 1);
    else if (event.key === 'Enter' && active !== null) onOpen(active);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={styles.list}
      role="grid"
      tabIndex={0}
      aria-label="Events, newest first"
      aria-rowcount={source.complete ? source.count : -1}
      aria-activedescendant={active === null ? undefined : `event-${active}`}
      onKeyDown={onKeyDown}
    >
      <div
        role="rowgroup"
        className={styles.space}
        style={{ height, '--seq-width': widthOf(source.count) } as CSSProperties}
      >
        {items.map((item) => {
          const index = base + item.index;
          const row = source.row(index);
          const seq = source.seqAt(index);
          const choose = () => {
            if (seq === undefined) return;
            onActive(seq);
            onOpen(seq);
          };
          return (
            <div
              key={seq ?? `at-${index}`}
              id={seq === undefined ? undefined : `event-${seq}`}
              role="row"
              aria-rowindex={index + 1}
              aria-selected={seq !== undefined && seq === active}
              className={styles.row}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={choose}
            >
              {row ? <EventLine row={row} now={today} /> : <EventPlaceholder seq={seq} />}
            </div>
          );
        })}
      </div>
      {further !== null && (
        <div className={styles.further}>
          <Button onClick={() => reveal(further)}>Go on to older events</Button>
        </div>
      )}
    </div>
  );
}
