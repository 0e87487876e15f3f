import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { RowSource } from './row-source.ts';

export const rowHeight = 26;
/** Browsers cannot lay out arbitrarily tall pages, so of a longer list one such part at a time is scrolled. */
const mostRows = 500_000;

/** Which rows exist on the page right now, and how to bring others there. */
export function useListWindow(source: RowSource) {
  const scroller = useRef<HTMLDivElement>(null);
  const [base, setBase] = useState(0);
  const shown = Math.max(0, Math.min(source.count - base, mostRows));
  const rows = useVirtualizer({
    count: shown,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const items = rows.getVirtualItems();
  const first = base + (items[0]?.index ?? 0);
  const last = base + (items.at(-1)?.index ?? 0);
  const { version } = source;
  useEffect(() => source.view(first, last), [source, version, first, last]);
  const toNewest = () => {
    setBase(0);
    scroller.current?.scrollTo({ top: 0 });
  };
  useEffect(() => {
    setBase(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [source]);

  const reveal = (index: number) => {
    if (index >= base && index < base + shown) {
      rows.scrollToIndex(index - base, { align: 'auto' });
      return;
    }
    const moved = Math.max(0, Math.min(index - mostRows / 2, source.count - mostRows));
    setBase(moved);
    requestAnimationFrame(() => rows.scrollToIndex(index - moved, { align: 'center' }));
  };
  return {
    scroller,
    base,
    items,
    first,
    height: rows.getTotalSize(),
    /** As the virtual list knows it: asking the page while it scrolls would make it lay out twice. */
    atTop: base === 0 && (rows.scrollOffset ?? 0) < rowHeight,
    /** The first row behind this part; null where there is none. */
    further: base + shown < source.count ? base + shown : null,
    reveal,
    toNewest,
  };
}
