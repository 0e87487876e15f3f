import type { Objective } from '../../../shared/objective.ts';
import { timeStanding } from '../../bridge/objective-standing.ts';
import { classes } from '../../ui/classes.ts';
import styles from './Times.module.css';

const shown = 8;

/** How the last times went, the newest at the right. */
export function Marks({ times }: { times: Objective['times'] }) {
  const last = times.slice(0, shown).toReversed();
  if (last.length === 0) return null;
  const said = last.map((time) => timeStanding(time));
  return (
    <span
      className={styles.marks}
      role="img"
      aria-label={`Last times: ${said.map(({ words }) => words).join(', ')}`}
    >
      {said.map(({ words, tone }, i) => (
        <i key={last[i]?.due} className={classes(styles.mark, styles[tone])} title={words} />
      ))}
    </span>
  );
}
