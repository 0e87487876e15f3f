import { memo } from 'react';
import { classes } from '../../ui/classes.ts';
import { Dot } from '../../ui/Dot.tsx';
import { countOf, fullTimeOf, momentOf } from '../../ui/words.ts';
import type { EventRow } from './event-row.ts';
import styles from './EventList.module.css';

const toneWords = { waits: 'waits for somebody', refused: 'refused or failed' } as const;

export interface EventLineProps {
  row: EventRow;
  now: Date;
}

/** One event as a row. It changes only when its event or the day does. */
export const EventLine = memo(
  function EventLine({ row, now }: EventLineProps) {
    const marked = row.tone === 'waits' || row.tone === 'refused' ? row.tone : null;
    return (
      <>
        <span role="gridcell" className={styles.seq}>
          {countOf(row.seq)}
        </span>
        <span role="gridcell" className={styles.time} title={fullTimeOf(row.time)}>
          {momentOf(row.time, now)}
        </span>
        <span role="gridcell" className={styles.kind} title={row.kind}>
          {row.kind}
        </span>
        <span role="gridcell" className={styles.actor} title={row.actor}>
          {row.actor}
        </span>
        <span role="gridcell" className={classes(styles.sentence, !row.known && styles.unknown)}>
          {marked && <Dot tone={marked} label={toneWords[marked]} />}
          <span className={styles.words}>{row.sentence}</span>
        </span>
        <span role="gridcell" className={styles.tags}>
          {row.tag && <span className={styles.tag}>{row.tag}</span>}
          {!row.known && <span className={styles.tag}>unknown kind</span>}
        </span>
      </>
    );
  },
  (before, after) => before.row === after.row && before.now.getDate() === after.now.getDate(),
);

/** A row whose place is known before its words are. */
export function EventPlaceholder({ seq }: { seq: number | undefined }) {
  return (
    <>
      <span role="gridcell" className={styles.seq}>
        {seq === undefined ? '' : countOf(seq)}
      </span>
      <span role="gridcell" className={styles.blank} aria-label="loading" />
    </>
  );
}
