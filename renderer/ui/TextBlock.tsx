import type { ReactNode } from 'react';
import styles from './TextBlock.module.css';

/** Text as it is, in a block that scrolls by itself; the label says what it is to those who come by keyboard. */
export function TextBlock({ label, children }: { label: string; children: ReactNode }) {
  return (
    <pre className={styles.block} tabIndex={0} aria-label={label}>
      {children}
    </pre>
  );
}
