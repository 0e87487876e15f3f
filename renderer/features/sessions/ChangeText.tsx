import { useEffect } from 'react';
import type { Change } from '../../../shared/contract/sessions.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import styles from './ChangeText.module.css';

const looks: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** The file's name stands above already. */
const linesOf = (text: string) => text.slice(Math.max(0, text.indexOf('@@'))).split('\n');

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
      {result?.text && (
        <pre className={styles.lines} tabIndex={0} aria-label={`Difference of ${change.path}`}>
          {linesOf(result.text).map((line, at) => (
            // Lines of a difference never move.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={at} data-look={looks[line[0] ?? '']}>
              {line}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </div>
  );
}
