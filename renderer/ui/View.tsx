import type { ReactNode } from 'react';
import styles from './View.module.css';

export interface ViewProps {
  /** What it is, for those who go from landmark to landmark. */
  label: string;
  title: ReactNode;
  /** How it stands, or where it lies; below its title. */
  line: ReactNode;
  /** What can be done with it, the most wanted last. */
  actions?: ReactNode;
  /** Its text stands further in, as a transcript’s does. */
  indent?: boolean;
  children: ReactNode;
}

/** One thing that is looked at: what it is, how it stands, what can be done with it, and everything else about it. */
export function View({ label, title, line, actions, indent = false, children }: ViewProps) {
  return (
    <section className={styles.view} aria-label={label}>
      <header className={styles.head} data-indent={indent || undefined}>
        <div className={styles.what}>
          {title}
          <span className={styles.line}>{line}</span>
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** The part of a view that scrolls. */
export function ViewBody({ children }: { children: ReactNode }) {
  return (
    <div className={styles.body} tabIndex={0}>
      {children}
    </div>
  );
}

/** What stands below a view while something of it is not settled. */
export function ViewBar({ note, children }: { note: ReactNode; children: ReactNode }) {
  return (
    <footer className={styles.bar}>
      <span className={styles.note}>{note}</span>
      {children}
    </footer>
  );
}
