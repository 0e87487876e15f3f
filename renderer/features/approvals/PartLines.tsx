import type { DecidedPart } from '../../../shared/rule.ts';
import { Card } from '../../ui/Card.tsx';
import styles from './PartLines.module.css';

const marks: Record<DecidedPart['verdict'], { sign: string; words: string }> = {
  allow: { sign: '✓', words: 'allowed' },
  free: { sign: '✓', words: 'nothing asks for it' },
  ask: { sign: '?', words: 'asks' },
  deny: { sign: '✕', words: 'denied' },
};

/** Every part of a call by itself, with what decides it. */
export function PartLines({ parts }: { parts: readonly DecidedPart[] }) {
  return (
    <Card>
      <ol aria-label="What it consists of" className={styles.parts}>
        {parts.map(({ text, deed, verdict, why }, at) => (
          // Two parts of a line may be the same words; their place tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} className={styles.part} data-verdict={verdict}>
            <span className={styles.mark} role="img" aria-label={marks[verdict].words}>
              {marks[verdict].sign}
            </span>
            <code className={styles.text} title={deed}>
              {text}
            </code>
            <span className={styles.why}>{why}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
