import type { ReactNode } from 'react';
import styles from './ListScreen.module.css';

/** A screen of many of a kind: the list of them, and beside it the one that is looked at. */
export function ListScreen({
  title,
  action,
  list,
  children,
}: {
  title: string;
  action: ReactNode;
  list: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {action}
      </header>
      <div className={styles.list}>{list}</div>
      {children}
    </div>
  );
}
