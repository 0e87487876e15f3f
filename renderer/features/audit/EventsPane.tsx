import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { plural } from '../../ui/words.ts';
import styles from './AuditScreen.module.css';
import { Events, type EventsProps } from './Events.tsx';
import type { RecordRows } from './use-record-rows.ts';

export interface EventsPaneProps extends Omit<EventsProps, 'source'> {
  rows: RecordRows;
  /** What of the search was not understood. */
  hints: readonly string[];
  onNewest: () => void;
}

/** The list, with what has to be said about it above and what waits on top of it. */
export function EventsPane({ rows, hints, onNewest, ...list }: EventsPaneProps) {
  const { source, problem, waiting, again } = rows;
  return (
    <section className={styles.events} aria-label="Events">
      {hints.length > 0 && (
        <p role="status" className={styles.hint}>
          {hints.join(' ')}
        </p>
      )}
      <ProblemNote
        problem={problem ?? source?.problem ?? null}
        action={<Button onClick={() => (source ? source.retry() : again())}>Try again</Button>}
      />
      <div className={styles.list}>
        {source && <Events source={source} {...list} />}
        {waiting > 0 && (
          <Button className={styles.newest} onClick={onNewest} keys="l">
            {plural(waiting, 'new event')} · jump to newest
          </Button>
        )}
      </div>
    </section>
  );
}
