import { useStatus } from '../../bridge/house.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { BackupDialog } from './BackupDialog.tsx';
import { Facts } from './Facts.tsx';
import styles from './SettingsForm.module.css';
import { useWanted, type Wanted } from './use-wanted.ts';

/** Where everything lies. Another folder is chosen at the start, with --data. */
export function DataFolder(wish: Wanted) {
  const status = useStatus();
  const [open, setOpen] = useWanted('backup', wish);
  return (
    <Section title="Data">
      <Card className={styles.card}>
        {status && (
          <Facts
            facts={[
              ['Data folder', <CopyText key="data" value={status.data} label="the data folder" />],
              [
                'Socket',
                status.socket ? <CopyText key="socket" value={status.socket} label="the socket" /> : 'none',
              ],
              [
                'Address',
                status.address ? (
                  <CopyText key="address" value={status.address} label="the address" />
                ) : (
                  'none'
                ),
              ],
            ]}
          />
        )}
        <p className={styles.words}>
          Another folder is chosen when Holdfast starts, with <code>--data</code>.
        </p>
        <div className={styles.bar}>
          <Button onClick={() => setOpen(true)}>Make a backup…</Button>
        </div>
      </Card>
      <BackupDialog open={open} onClose={() => setOpen(false)} />
    </Section>
  );
}
