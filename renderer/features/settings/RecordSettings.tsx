import { useHouse, useStatus } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { say } from '../../ui/Toast.tsx';
import { countOf } from '../../ui/words.ts';
import { Facts } from './Facts.tsx';
import { PruneDialog } from './PruneDialog.tsx';
import { RotateKeyDialog } from './RotateKeyDialog.tsx';
import { SettingField } from './SettingField.tsx';
import { commandSetting, fileSetting, keepBytesSetting, keepDaysSetting } from './setting-texts.ts';
import styles from './SettingsForm.module.css';
import { getSettings, useAnswer } from '../../bridge/use-answer.ts';
import { useWanted, type Wanted } from './use-wanted.ts';

/** Who signs the record, where its checkpoints go, and how long attachments stay. */
export function RecordSettings(wish: Wanted) {
  const { client } = useHouse();
  const record = useStatus()?.record;
  const settings = useAnswer(getSettings, ['setting.changed']);
  const [rotating, setRotating] = useWanted('rotate', wish);
  const [pruning, setPruning] = useWanted('prune', wish);
  const sign = useTask(async (_signal) => {
    const checkpoint = await client.record.checkpoint();
    say(`Signed a checkpoint of ${countOf(checkpoint.size)} events.`);
  });
  return (
    <Section title="Record">
      <Card className={styles.card}>
        {record && (
          <Facts
            facts={[
              ['Record', <code key="log">{record.log}</code>],
              [
                'Signing key',
                <CopyText key="key" value={record.fingerprint} label="the fingerprint of the signing key" />,
              ],
              [
                'Last checkpoint',
                record.checkpoint ? (
                  <span key="checkpoint">
                    of {countOf(record.checkpoint.size)} events, <Age time={record.checkpoint.time} />
                  </span>
                ) : (
                  'none yet'
                ),
              ],
            ]}
          />
        )}
        <div className={styles.bar}>
          <Button busy={sign.busy} onClick={() => void sign.run()}>
            Sign a checkpoint now
          </Button>
          <Button onClick={() => setRotating(true)}>Change the key…</Button>
        </div>
        <ProblemNote problem={sign.problem ?? settings.problem} />
      </Card>
      {settings.value && (
        <>
          <h2 className={styles.sub}>Checkpoints elsewhere</h2>
          <Card className={styles.card}>
            <div className={styles.form}>
              <p className={styles.words}>
                Whoever owns this account could rewrite the whole record with its key. A copy of each
                checkpoint in a place they cannot change makes that show.
              </p>
              <SettingField setting={fileSetting} value={settings.value['checkpoint.file']} />
              <SettingField setting={commandSetting} value={settings.value['checkpoint.command']} />
            </div>
          </Card>
          <h2 className={styles.sub}>Attachments</h2>
          <Card className={styles.card}>
            <div className={styles.form}>
              <SettingField setting={keepDaysSetting} value={settings.value['blobs.keepDays']} />
              <SettingField setting={keepBytesSetting} value={settings.value['blobs.maxBytes']} />
            </div>
            <div className={styles.bar}>
              <Button onClick={() => setPruning(true)}>Prune now…</Button>
            </div>
          </Card>
        </>
      )}
      <RotateKeyDialog open={rotating} onClose={() => setRotating(false)} />
      <PruneDialog open={pruning} onClose={() => setPruning(false)} />
    </Section>
  );
}
