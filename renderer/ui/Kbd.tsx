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

export interface KbdProps {
  keys: string;
  /** Takes the colour of what it stands in. */
  inherit?: boolean;
  /** Read aloud too; beside a button its own attribute already says it. */
  told?: boolean;
}

export function Kbd({ keys, inherit = false, told = false }: KbdProps) {
  return (
    <kbd aria-hidden={!told} className={classes(styles.kbd, inherit && styles.inherit)}>
      {keysInWords(keys)}
    </kbd>
  );
}
