import { create } from 'zustand';
import type { Verification } from '../../../shared/contract/record.ts';
import { useStatus } from '../../bridge/house.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { plural } from '../../ui/words.ts';
import styles from './Standing.module.css';

const useLastVerified = create<{ last: { ok: boolean; size: number; time: string } | null }>(() => ({
  last: null,
}));

/** What this window saw verified; said only while it is about the present. */
export function rememberVerified({ ok, size }: Verification): void {
  useLastVerified.setState({ last: { ok, size, time: new Date().toISOString() } });
}

/** How the record stands, and the two things one does with all of it. */
export function Standing({ onVerify, onExport }: { onVerify: () => void; onExport: () => void }) {
  const record = useStatus()?.record;
  const last = useLastVerified((state) => state.last);
  return (
    <>
      <span className={styles.words}>
        {record && plural(record.size, 'event')}
        {last && (
          <span className={last.ok ? undefined : styles.bad}>
            {last.ok ? ' · whole ' : ' · damaged '}
            <Age time={last.time} />
          </span>
        )}
        {record?.checkpoint && (
          <span className={styles.checkpoint}>
            {' · checkpoint '}
            <Age time={record.checkpoint.time} />
          </span>
        )}
      </span>
      <Button keys="v" onClick={onVerify}>
        Verify
      </Button>
      <Button keys="e" onClick={onExport}>
        Export
      </Button>
    </>
  );
}
