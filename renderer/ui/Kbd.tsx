import { classes } from './classes.ts';
import styles from './Kbd.module.css';

const onMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac OS');

const drawn: Readonly<Record<string, string>> = {
  mod: onMac ? '⌘' : 'Ctrl',
  enter: '↵',
  escape: 'Esc',
  up: '↑',
  down: '↓',
};

/** `mod k` as people read it: `Ctrl K`, or `⌘ K` on a Mac. */
export function keysInWords(keys: string): string {
  return keys
    .split(' ')
    .map((key) => drawn[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ');
}

export function Kbd({ keys, inherit = false }: { keys: string; inherit?: boolean }) {
  return (
    <kbd aria-hidden="true" className={classes(styles.kbd, inherit && styles.inherit)}>
      {keysInWords(keys)}
    </kbd>
  );
}
