import { Progress as Base } from '@base-ui/react/progress';
import styles from './Progress.module.css';

/** How far a long job is. Without a total it only says that something happens. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const known = total > 0;
  return (
    <Base.Root value={known ? done : null} max={known ? total : 1} className={styles.progress}>
      <Base.Label className={styles.label}>{label}</Base.Label>
      <span className={styles.figures}>
        {known ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')}` : '…'}
      </span>
      <Base.Track className={styles.track}>
        <Base.Indicator className={styles.bar} />
      </Base.Track>
    </Base.Root>
  );
}
