import { useState } from 'react';
import type { MailTrial } from '../../../shared/contract/outside.ts';
import type { Settings } from '../../../shared/settings.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { getSettings, useAnswer } from '../../bridge/use-answer.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import { MailTest } from './MailTest.tsx';
import { type MailSetting, mailSettings } from './outside-setting-texts.ts';
import { readSetting, type SettingText } from './setting-texts.ts';
import styles from './SettingsForm.module.css';

type Draft = Partial<Record<MailSetting['key'], string>>;
type AnyMailText = SettingText<MailSetting['key']>;

/** The account that agents’ mails go out by, each after it was asked for. */
export function MailSettings() {
  const settings = useAnswer(getSettings, ['setting.changed']);
  return (
    <Section title="Mail">
      <ProblemNote problem={settings.problem} />
      {settings.value && (
        <Card className={styles.card}>
          <MailForm settings={settings.value} />
        </Card>
      )}
    </Section>
  );
}

function MailForm({ settings }: { settings: Settings }) {
  const { client } = useHouse();
  const [draft, setDraft] = useState<Draft>({});
  const [password, setPassword] = useState('');
  const [trial, setTrial] = useState<MailTrial | null>(null);
  const fields = mailSettings.map((each) => {
    const setting = each as unknown as AnyMailText;
    const kept = setting.write(settings[setting.key]);
    const text = draft[setting.key] ?? kept;
    return { setting, text, changed: text.trim() !== kept, read: readSetting(setting, text) };
  });
  const changed = fields.filter((field) => field.changed);
  const secret = settings['mail.secret'];
  const save = useTask(async (_signal) => {
    for (const { setting, read } of changed) {
      if (read.wrong === undefined) await client.settings.set({ key: setting.key, value: read.value });
    }
    if (password !== '') {
      const name = secret ?? 'mail.password';
      await client.secrets.set({ name, value: password });
      if (secret === null) await client.settings.set({ key: 'mail.secret', value: name });
    }
    return true;
  });
  const dirty = changed.length > 0 || password !== '';
  const wrong = changed.some(({ read }) => read.wrong !== undefined);
  const submit = async () => {
    if (wrong || !dirty || !(await save.run())) return;
    setDraft({});
    setPassword('');
    setTrial(null);
    say('Mail: saved.');
  };
  const told = (field: string) => (trial?.problem?.field === field ? trial.problem.message : undefined);
  return (
    <>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {fields.map(({ setting, text, changed: differs, read }) => (
          <Field
            key={setting.key}
            label={setting.label}
            hint={setting.hint}
            wrong={differs ? read.wrong : told(setting.key)}
          >
            {(control) => (
              <TextInput
                {...control}
                mono
                placeholder={setting.placeholder}
                value={text}
                onChange={(event) => setDraft((before) => ({ ...before, [setting.key]: event.target.value }))}
              />
            )}
          </Field>
        ))}
        <Field
          label="Password"
          hint={
            secret === null ? 'Kept sealed, as mail.password.' : `Empty: the one kept as ${secret} stays.`
          }
          wrong={password === '' ? told('mail.secret') : undefined}
        >
          {(control) => (
            <TextInput
              {...control}
              mono
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <ProblemNote problem={save.problem} />
        <div className={styles.buttons}>
          <Button type="submit" look="lead" disabled={!dirty || wrong} busy={save.busy}>
            Save
          </Button>
        </div>
      </form>
      <MailTest saved={!dirty} wrong={told('to')} onTold={setTrial} />
    </>
  );
}
