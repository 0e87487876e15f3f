import { useState } from 'react';
import { Button } from './Button.tsx';
import { classes } from './classes.ts';
import styles from './CopyText.module.css';

/** A value in full with a button that copies it. */
export function CopyText({ value, label, block = false }: { value: string; label: string; block?: boolean }) {
  const [told, setTold] = useState('Copy');
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setTold('Copied'),
      () => setTold('Select it and copy'),
    );
  return (
    <span className={classes(styles.copy, block && styles.block)}>
      <code className={styles.value}>{value}</code>
      <Button look={block ? 'plain' : 'ghost'} aria-label={`${told} ${label}`} onClick={() => void copy()}>
        {told}
      </Button>
    </span>
  );
}
