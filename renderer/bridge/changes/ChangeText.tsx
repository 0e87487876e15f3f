import { useEffect } from 'react';
import type { Change } from '../../../shared/contract/reviewing.ts';
import { useHouse } from '../house.ts';
import { ProblemNote } from '../ProblemNote.tsx';
import { useTask } from '../use-task.ts';
import { Difference } from '../../ui/Difference.tsx';
import { type ReviewOf, reviewOf } from './review-of.ts';
import styles from './ChangeText.module.css';

/** One change as a difference of lines. */
export function ChangeText({ of, change }: { of: ReviewOf; change: Change }) {
  const { client } = useHouse();
  const { run, result, problem } = useTask((signal) => reviewOf(client, of).change(change.key, signal));
  useEffect(() => void run(), [run]);
  return (
    <div className={styles.text}>
      <ProblemNote problem={problem} />
      {result?.why && <p className={styles.why}>{result.why}</p>}
      {result?.text && <Difference of={change.path} text={result.text} />}
    </div>
  );
}
