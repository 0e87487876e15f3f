import { useEffect } from 'react';
import type { Change } from '../../../shared/contract/sessions.ts';
import { useHouse } from '../house.ts';
import { ProblemNote } from '../ProblemNote.tsx';
import { useTask } from '../use-task.ts';
import { Difference } from '../../ui/Difference.tsx';
import styles from './ChangeText.module.css';

/** One change as a difference of lines. */
export function ChangeText({ session, change }: { session: string; change: Change }) {
  const { client } = useHouse();
  const { run, result, problem } = useTask((signal) =>
    client.sessions.change({ session, key: change.key }, { signal }),
  );
  useEffect(() => void run(), [run]);
  return (
    <div className={styles.text}>
      <ProblemNote problem={problem} />
      {result?.why && <p className={styles.why}>{result.why}</p>}
      {result?.text && <Difference of={change.path} text={result.text} />}
    </div>
  );
}
