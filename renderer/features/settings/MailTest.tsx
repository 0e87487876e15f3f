import { useState } from 'react';
import { z } from 'zod';
import type { MailTrial } from '../../../shared/contract/outside.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import styles from './SettingsForm.module.css';

const address = z.email().max(320);

/** Sends a message as an agent’s would go out, and tells which field keeps it from doing so. */
export function MailTest({
  saved,
  wrong,
  onTold,
}: {
  saved: boolean;
  wrong: string | undefined;
  onTold: (trial: MailTrial | null) => void;
}) {
  const { client } = useHouse();
  const [to, setTo] = useState('');
  const send = useTask((_signal) => client.mail.try({ to: to.trim() }));
  const fits = address.safeParse(to.trim()).success;
  const submit = async () => {
    if (!fits || !saved) return;
    onTold(null);
    const trial = await send.run();
    onTold(trial);
    if (trial?.ok) say(`A test message was sent to ${to.trim()}.`);
  };
  const problem = send.result?.problem;
  return (
    <form
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className={styles.whole}>
        <div className={styles.line}>
          <Field
            label="Send a test message to"
            hint={
              saved ? 'It goes out as the mails of agents do.' : 'Save first: it goes out by what is saved.'
            }
            wrong={to !== '' && !fits ? 'is no address' : wrong}
          >
            {(control) => (
              <TextInput
                {...control}
                mono
                placeholder="me@example.org"
                value={to}
                onChange={(event) => setTo(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" disabled={!fits || !saved} busy={send.busy}>
            Send
          </Button>
        </div>
        {problem && saved && (
          <p className={styles.warning} role="alert">
            {problem.field === null
              ? `It did not go out. ${problem.message} ${problem.mend ?? ''}`
              : 'It did not go out: what is wrong stands at its field.'}
          </p>
        )}
        <ProblemNote problem={send.problem} />
      </div>
    </form>
  );
}
