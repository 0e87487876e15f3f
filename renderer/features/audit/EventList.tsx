import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { Button } from '../../ui/Button.tsx';
import styles from './EventList.module.css';
import { countOf } from '../../ui/words.ts';
import { EventLine, EventPlaceholder } from './EventLine.tsx';
import type { RowSource } from './row-source.ts';

const rowHeight = 26;
/** Browsers cannot lay out arbitrarily tall pages, so of a longer list one such part at a time is scrolled. */
const mostRows = 500_000;

export interface EventListHandle {
  focus(): void;
  toNewest(): void;
  reveal(seq: number): void;
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
  const scroller = useRef<HTMLDivElement>(null);
  const [base, setBase] = useState(0);
  const shown = Math.min(source.count - base, mostRows);
  const rows = useVirtualizer({
    count: shown,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const items = rows.getVirtualItems();
  const first = base + (items[0]?.index ?? 0);
  const last = base + (items.at(-1)?.index ?? 0);
  useEffect(() => source.view(first, last), [source, source.version, first, last]);

  const revealIndex = (index: number) => {
    if (index >= base && index < base + shown) return rows.scrollToIndex(index - base, { align: 'auto' });
    const moved = Math.max(0, Math.min(index - mostRows / 2, source.count - mostRows));
    setBase(moved);
    requestAnimationFrame(() => rows.scrollToIndex(index - moved, { align: 'center' }));
  };
  useEffect(() => {
    setBase(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [source]);
  const activeIndex = active === null ? undefined : source.indexOf(active);
  const move = (to: number) => {
    const index = Math.max(0, Math.min(source.count - 1, to));
    const seq = source.seqAt(index);
    if (seq === undefined) return;
    onActive(seq);
    revealIndex(index);
  };
  const toNewest = () => {
    setBase(0);
    scroller.current?.scrollTo({ top: 0 });
  };
  useImperativeHandle(handle, () => ({
    focus: () => scroller.current?.focus(),
    toNewest,
    reveal: (seq) => {
      const index = source.indexOf(seq);
      if (index !== undefined) revealIndex(index);
    },
  }));

  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const from = activeIndex ?? first - 1;
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
  const now = new Date();

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
      onScroll={(event) => onAtTop(base === 0 && event.currentTarget.scrollTop < rowHeight)}
    >
      <div
        role="rowgroup"
        className={styles.space}
        style={{ height: rows.getTotalSize(), '--seq-width': widthOf(source.count) } as CSSProperties}
      >
        {items.map((item) => {
          const index = base + item.index;
          const row = source.row(index);
          const seq = source.seqAt(index);
          return (
            <div
              key={seq ?? `at-${index}`}
              id={seq === undefined ? undefined : `event-${seq}`}
              role="row"
              aria-rowindex={index + 1}
              aria-selected={seq !== undefined && seq === active}
              className={styles.row}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => {
                if (seq === undefined) return;
                onActive(seq);
                onOpen(seq);
              }}
            >
              {row ? <EventLine row={row} now={now} /> : <EventPlaceholder seq={seq} />}
            </div>
          );
        })}
      </div>
      {base + shown < source.count && (
        <div className={styles.further}>
          <Button onClick={() => revealIndex(base + shown)}>Go on to older events</Button>
        </div>
      )}
    </div>
  );
}
