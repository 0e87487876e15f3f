import { classes } from './classes.ts';
import styles from './Dot.module.css';

/** Colour means state, nothing else: good, running, waits for a person, refused or failed. */
export type DotTone = 'quiet' | 'good' | 'running' | 'waits' | 'refused';

/** `label` says the state to those who do not see the colour. */
export function Dot({ tone, label }: { tone: DotTone; label?: string }) {
  return (
    <span
      className={classes(styles.dot, styles[tone])}
      {...(label ? { role: 'img', 'aria-label': label, title: label } : { 'aria-hidden': true })}
    />
  );
}
