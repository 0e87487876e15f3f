import { type Change, diffLines } from 'diff';
import styles from './Comparison.module.css';

/** One text as it was and as it is, side by side; what differs is marked on both sides. */
export function Comparison({
  of,
  before,
  now,
  beforeWords,
  nowWords,
}: {
  of: string;
  before: string;
  now: string;
  beforeWords: string;
  nowWords: string;
}) {
  const changes = diffLines(before, now);
  return (
    <div className={styles.pair}>
      <Side words={beforeWords} of={of} parts={changes.filter(({ added }) => !added)} />
      <Side words={nowWords} of={of} parts={changes.filter(({ removed }) => !removed)} />
    </div>
  );
}

function Side({ words, of, parts }: { words: string; of: string; parts: readonly Change[] }) {
  return (
    <figure className={styles.side}>
      <figcaption>{words}</figcaption>
      <pre className={styles.text} tabIndex={0} aria-label={`${of}, ${words}`}>
        {parts.map(({ value, added, removed }, at) => {
          const look = added ? 'added' : removed ? 'removed' : undefined;
          // Parts of a comparison never move.
          // oxlint-disable-next-line react/no-array-index-key
          return <Part key={at} look={look} text={value} />;
        })}
      </pre>
    </figure>
  );
}

function Part({ look, text }: { look: 'added' | 'removed' | undefined; text: string }) {
  if (look === 'added') return <ins className={styles.added}>{text}</ins>;
  return look === 'removed' ? <del className={styles.removed}>{text}</del> : text;
}
