import type { ReactNode } from 'react';
import styles from './Card.module.css';
import { classes } from './classes.ts';

/** A raised surface. `lead` is for the one thing that leads a screen. */
export function Card({
  children,
  lead = false,
  className,
}: {
  children: ReactNode;
  lead?: boolean;
  className?: string | undefined;
}) {
  return <div className={classes(styles.card, lead && styles.lead, className)}>{children}</div>;
}

export interface SectionProps {
  title: string;
  id?: string;
  aside?: ReactNode;
  children: ReactNode;
}

export function Section({ title, id, aside, children }: SectionProps) {
  const heading = `${id ?? title.toLowerCase().replaceAll(/\W+/g, '-')}-heading`;
  return (
    <section className={styles.section} aria-labelledby={heading} id={id}>
      <header className={styles.head}>
        <h2 id={heading}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

export interface RowProps {
  mark?: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  right?: ReactNode;
}

/** One line of a card: a mark, what it is, more about it, and what can be done. */
export function Row({ mark, title, detail, right }: RowProps) {
  return (
    <li className={classes(styles.row, mark === undefined && styles.unmarked)}>
      {mark !== undefined && <span className={styles.mark}>{mark}</span>}
      <div className={styles.words}>
        <div>{title}</div>
        {detail && <div className={styles.detail}>{detail}</div>}
      </div>
      {right && <div className={styles.right}>{right}</div>}
    </li>
  );
}

export function Rows({ children, label }: { children: ReactNode; label: string }) {
  return (
    <Card>
      <ul aria-label={label}>{children}</ul>
    </Card>
  );
}
