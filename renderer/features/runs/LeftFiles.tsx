import type { RunOutput } from '../../../shared/run.ts';
import { bytesOf } from '../../ui/words.ts';
import styles from './Inspector.module.css';

/** Files that were left, each led to where it is looked at. */
export function LeftFiles({
  title,
  files,
  onFile,
}: {
  title: string;
  files: readonly RunOutput[];
  onFile: (path: string) => void;
}) {
  if (files.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul className={styles.list}>
        {files.map(({ path, bytes }) => (
          <li key={path}>
            <button type="button" className={styles.file} title={path} onClick={() => onFile(path)}>
              <code>{path.split('/').at(-1)}</code>
            </button>
            <span className={styles.faint}>{bytesOf(bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
