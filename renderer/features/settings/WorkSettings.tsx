import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { getSettings, useAnswer } from '../../bridge/use-answer.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { RecordsDialog } from './RecordsDialog.tsx';
import { SettingField } from './SettingField.tsx';
import styles from './SettingsForm.module.css';
import { useWanted, type Wanted } from './use-wanted.ts';
import {
  recordsKeepBytesSetting,
  recordsKeepDaysSetting,
  recordsRootSetting,
  workConcurrencySetting,
  workKeepDaysSetting,
} from './work-setting-texts.ts';

/** How many command agents work at a time, how long what they changed is kept, and their records on the disk. */
export function WorkSettings(wish: Wanted) {
  const { value, problem } = useAnswer(getSettings, ['setting.changed']);
  const [looking, setLooking] = useWanted('records', wish);
  return (
    <Section title="Command agents">
      <ProblemNote problem={problem} />
      {value && (
        <>
          <Card className={styles.card}>
            <div className={styles.form}>
              <SettingField setting={workConcurrencySetting} value={value['work.concurrency']} />
              <SettingField setting={workKeepDaysSetting} value={value['work.keepDays']} />
            </div>
          </Card>
          <h2 className={styles.sub}>Records of their sessions</h2>
          <Card className={styles.card}>
            <div className={styles.form}>
              <SettingField setting={recordsRootSetting} value={value['records.root']} />
              <SettingField setting={recordsKeepDaysSetting} value={value['records.keepDays']} />
              <SettingField setting={recordsKeepBytesSetting} value={value['records.keepBytes']} />
            </div>
            <div className={styles.bar}>
              <Button onClick={() => setLooking(true)}>Look at the records…</Button>
            </div>
          </Card>
        </>
      )}
      <RecordsDialog open={looking} onClose={() => setLooking(false)} />
    </Section>
  );
}
