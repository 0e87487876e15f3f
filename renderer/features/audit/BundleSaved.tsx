import { Dot } from '../../ui/Dot.tsx';
import { bytesOf, plural } from '../../ui/words.ts';
import type { Bundle } from './bundle.ts';
import styles from './ExportDialog.module.css';

/** What was saved, and how anybody checks it. */
export function BundleSaved({ bundle }: { bundle: Bundle }) {
  return (
    <div role="status" className={styles.made}>
      <div className={styles.verdict}>
        <Dot tone="good" />
        <strong>{bundle.name} is saved.</strong>
      </div>
      <p>
        {plural(bundle.events, 'event')}, {bytesOf(bundle.bytes)}
        {bundle.withheld > 0 && `, ${plural(bundle.withheld, 'payload')} withheld`}. To check it anywhere:
        unpack it and run <code>node verify.mjs</code>; the page inside says how to do the same with sha256sum
        and openssl.
      </p>
      <p className={styles.hash}>
        SHA-256 <code>{bundle.sha256}</code>
      </p>
    </div>
  );
}
