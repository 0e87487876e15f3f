import styles from './Icon.module.css';

const drawings = {
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3l2 1.5',
  lines: 'M3 4h10M3 8h10M3 12h6',
  terminal: 'M2.5 3.5h11v9h-11zM5 6.5 7 8 5 9.5M8.5 10h2.5',
  gear: 'M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M3.8 12.2l1.4-1.4M10.8 5.2l1.4-1.4',
  graph:
    'M3.5 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6M12.5 2.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6M12.5 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6M5.2 7.2l5.5-2.4M5.2 8.8l5.5 2.4',
  shield: 'M8 2.2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4z',
  close: 'm4 4 8 8M12 4l-8 8',
  search: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l3 3',
  copy: 'M5.5 5.5V3.5a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1',
  person: 'M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M3 13.5c0-2.8 2.2-4.5 5-4.5s5 1.7 5 4.5',
  check: 'M8 2.2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4zM5.8 8l1.6 1.6L10.4 6.4',
  again: 'M13.2 6.2A5.5 5.5 0 1 0 13.5 8.6M13.5 3v3.2h-3.2',
  up: 'M8 13V3.5M4 7l4-4 4 4',
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={styles.icon} viewBox="0 0 16 16" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}

/** The sign of the house: a kelp that holds on to its stone. */
export function Mark() {
  return (
    <svg className={styles.mark} viewBox="0 0 18 18" aria-hidden="true">
      <path d="M9 16V3.5M9 12c-3.5 0-5.5-2-5.5-5M9 12c3.5 0 5.5-2 5.5-5M9 7.5C6.8 7.5 5.6 6 5.6 3.8M9 7.5c2.2 0 3.4-1.5 3.4-3.7" />
    </svg>
  );
}
