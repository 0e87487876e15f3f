import type { Goal } from './as-goal.ts';
import styles from './WorkSheet.module.css';

/** The words of files, before they are a run’s goal. */
export function AsGoal({ text, why }: Goal) {
  return (
    <>
      <p className={styles.soft}>
        {why ?? 'These words become the goal. What the run may do is chosen next, before it begins.'}
      </p>
      {text !== null && (
        <pre className={styles.goal} tabIndex={0} aria-label="The goal">
          {text}
        </pre>
      )}
    </>
  );
}
