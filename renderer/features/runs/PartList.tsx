import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { RunSubtask } from '../../../shared/run.ts';
import { dollars } from '../../../shared/money-words.ts';
import { durationWords, partStanding, tookOf } from '../../bridge/run-standing.ts';
import { Dot } from '../../ui/Dot.tsx';
import styles from './PartList.module.css';

const line = 44;

/** The same parts as in the graph, one below the other. */
export function PartList({
  parts,
  now,
  selected,
  onSelect,
  onOpen,
}: {
  parts: readonly RunSubtask[];
  now: number;
  selected: string | null;
  onSelect: (part: string) => void;
  onOpen: () => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: parts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => line,
    overscan: 6,
  });
  const at = parts.findIndex(({ name }) => name === selected);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at);
  }, [at, rows]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (event.key === 'Enter') onOpen();
    else if (step) {
      const next = parts[Math.max(0, Math.min(parts.length - 1, at + step))];
      if (next) onSelect(next.name);
    } else return;
    event.preventDefault();
  };
  const items = rows.getVirtualItems();
  const shown = items.some(({ index }) => index === at);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label="Parts"
      aria-activedescendant={shown ? `part-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={styles.all} style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const part = parts[index];
          if (!part) return null;
          const { words, tone } = partStanding(part);
          const took = tookOf(part, now);
          return (
            <div
              key={part.name}
              id={`part-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={styles.part}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onSelect(part.name)}
            >
              <Dot tone={tone} label={words} />
              <span className={styles.title}>{part.title}</span>
              <span className={styles.detail}>
                {[part.role, took === null ? words : durationWords(took), part.cost ? dollars(part.cost) : '']
                  .filter((fact) => fact !== '')
                  .join(' · ')}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
