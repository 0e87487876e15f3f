import styles from './Difference.module.css';

const looks: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** The file's name stands above already. */
const linesOf = (text: string) =>
  text
    .slice(Math.max(0, text.indexOf('@@')))
    .replace(/\n+$/, '')
    .split('\n');

/** A unified difference, line by line. */
export function Difference({ of, text }: { of: string; text: string }) {
  return (
    <pre className={styles.lines} tabIndex={0} aria-label={`Difference of ${of}`}>
      {linesOf(text).map((line, at) => (
        // Lines of a difference never move.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} data-look={looks[line[0] ?? '']}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
