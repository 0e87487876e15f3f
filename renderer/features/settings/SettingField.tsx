import { useState } from 'react';
import type { SettingKey, Settings } from '../../../shared/settings.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import { readSetting, type SettingText } from './setting-texts.ts';
import styles from './SettingsForm.module.css';

/** One setting: its text, checked while it is typed, and a button that appears once it differs. */
export function SettingField<Key extends SettingKey>({
  setting,
  value,
  onSaved,
}: {
  setting: SettingText<Key>;
  value: Settings[Key];
  onSaved?: () => void;
}) {
  const { client } = useHouse();
  const [draft, setDraft] = useState<string | null>(null);
  const kept = setting.write(value);
  const text = draft ?? kept;
  const read = readSetting(setting, text);
  const changed = text.trim() !== kept;
  const set = useTask((_signal, next: Settings[Key]) =>
    client.settings.set({ key: setting.key, value: next }),
  );
  const submit = async () => {
    if (read.wrong !== undefined || !changed) return;
    if (!(await set.run(read.value))) return;
    setDraft(null);
    say(`${setting.label}: saved.`);
    onSaved?.();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className={styles.line}>
        <Field label={setting.label} hint={setting.hint} wrong={changed ? read.wrong : undefined}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder={setting.placeholder}
              value={text}
              onChange={(event) => setDraft(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
            />
          )}
        </Field>
        {changed && (
          <Button type="submit" look="lead" keys="enter" disabled={read.wrong !== undefined} busy={set.busy}>
            Save
          </Button>
        )}
      </div>
      <ProblemNote problem={set.problem} />
    </form>
  );
}
