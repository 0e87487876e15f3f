import { useState } from 'react';
import { Button, type ButtonLook } from './Button.tsx';
import { classes } from './classes.ts';
import styles from './CopyText.module.css';

/** A value in full with a button that copies it. */
export function CopyText({ value, label, block = false }: { value: string; label: string; block?: boolean }) {
  return (
    <span className={classes(styles.copy, block && styles.block)}>
      <code className={styles.value}>{value}</code>
      <CopyButton value={value} label={label} look={block ? 'plain' : 'ghost'} />
    </span>
  );
}

/** Copies what is shown elsewhere. */
export function CopyButton({
  value,
  label,
  look = 'plain',
}: {
  value: string;
  label: string;
  look?: ButtonLook;
}) {
  const [told, setTold] = useState('Copy');
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setTold('Copied'),
      () => setTold('Select it and copy'),
    );
  return (
    <Button look={look} aria-label={`${told} ${label}`} onClick={() => void copy()}>
      {told}
    </Button>
  );
}
