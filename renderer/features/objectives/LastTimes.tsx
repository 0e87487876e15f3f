import type { ObjectiveTime } from '../../../shared/objective.ts';
import { timeStanding } from '../../bridge/objective-standing.ts';
import { Card } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { useToday } from '../../ui/use-today.ts';
import { momentOf } from '../../ui/words.ts';
import styles from './Times.module.css';

/** Its last times, the newest first, each leading to what it began. */
export function LastTimes({ times }: { times: readonly ObjectiveTime[] }) {
  const today = useToday();
  return (
    <Card>
      <ol className={styles.times} aria-label="Last times">
        {times.map((time) => {
          const { due, reason, thing } = time;
          const { words, tone } = timeStanding(time);
          return (
            <li key={`${due} ${thing} ${time.what}`}>
              <Dot tone={tone} />
              <time dateTime={due} className={styles.due}>
                {momentOf(new Date(due), today).replace(/\.\d+$/, '')}
              </time>
              <span className={styles.became}>
                {words}
                {reason !== null && <span className={styles.reason}> · {reason}</span>}
              </span>
              {thing !== null && (
                <a className={styles.thing} href={placeOf(thing)}>
                  {thing.startsWith('run_') ? 'Its run' : 'Its session'}
                </a>
              )}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

const placeOf = (thing: string) =>
  thing.startsWith('run_') ? hashOf(`runs/${thing}`) : hashOf('sessions', { session: thing });
