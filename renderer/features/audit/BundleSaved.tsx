import { useStatus } from '../../bridge/house.ts';
import { CopyText } from '../../ui/CopyText.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { bytesOf, plural } from '../../ui/words.ts';
import type { Bundle } from './bundle.ts';
import styles from './ExportDialog.module.css';

/** What was saved, and how anybody checks it. */
export function BundleSaved({ bundle }: { bundle: Bundle }) {
  const fingerprint = useStatus()?.record.fingerprint;
  return (
    <div role="status" className={styles.made}>
      <div className={styles.verdict}>
        <Dot tone="good" />
        <strong>{bundle.name} is saved.</strong>
      </div>
      <p>
        {plural(bundle.events, 'event')}, {bytesOf(bundle.bytes)}
        {bundle.withheld > 0 && `, ${plural(bundle.withheld, 'payload')} withheld`}. Whoever receives it
        unpacks it and runs this inside, with any Node; the page beside it tells how to do the same with
        sha256sum and openssl alone.
      </p>
      <CopyText
        block
        value={`node verify.mjs${fingerprint ? ` --key ${fingerprint}` : ''}`}
        label="the command"
      />
      <p>
        The key says who signed: tell it on another way than the bundle. The file itself has the SHA-256{' '}
        <code className={styles.hash}>{bundle.sha256}</code>
      </p>
    </div>
  );
}
