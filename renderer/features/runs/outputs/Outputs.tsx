import type { RunOutput } from '../../../../shared/run.ts';
import { bytesOf } from '../../../ui/words.ts';
import { OutputView } from './OutputView.tsx';
import styles from './Outputs.module.css';

/** Files that were left: each is looked into here, or saved. */
export function Outputs({
  run,
  outputs,
  chosen,
  shut = false,
  onChoose,
}: {
  run: string;
  outputs: readonly RunOutput[];
  chosen: string | null;
  /** Whether one that is alone stays shut until it is chosen. */
  shut?: boolean;
  onChoose: (path: string | null) => void;
}) {
  if (outputs.length === 0) return <p className={styles.none}>It left no files.</p>;
  return (
    <ul className={styles.list} aria-label="Files">
      {outputs.map(({ path, bytes }) => {
        const open = path === chosen || (outputs.length === 1 && !shut);
        return (
          <li key={path}>
            <button
              type="button"
              className={styles.line}
              title={path}
              aria-expanded={open}
              onClick={() => onChoose(open ? null : path)}
            >
              <code className={styles.name}>{path.split('/').at(-1)}</code>
              <span className={styles.where}>
                <bdi>{path.split('/').slice(0, -1).join('/')}</bdi>
              </span>
              <span className={styles.bytes}>{bytesOf(bytes)}</span>
            </button>
            {open && <OutputView run={run} path={path} />}
          </li>
        );
      })}
    </ul>
  );
}
