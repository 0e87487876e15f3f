import { Mark } from '../ui/Icon.tsx';
import styles from './NotAdmitted.module.css';

/** Shown instead of everything where this tab holds no token that is good. */
export function NotAdmitted() {
  return (
    <main className={styles.page}>
      <div className={styles.words}>
        <Mark />
        <h1>This link has been used or has expired</h1>
        <p>
          A link into Holdfast opens one tab, once, within a minute. That keeps anybody who finds it later
          from getting in. Nothing is wrong with your record.
        </p>
        <p>For a new link, run this where Holdfast runs:</p>
        <pre className={styles.command}>npm run holdfast -- open</pre>
        <p className={styles.or}>
          or <code>holdfast open</code>, where it is installed.
        </p>
      </div>
    </main>
  );
}
