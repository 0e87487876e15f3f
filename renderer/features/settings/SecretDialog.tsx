import { useState } from 'react';
import { secretNameSchema } from '../../../shared/contract/house.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';

/** Stores a secret under a new name, or replaces one. The value leaves the page's memory with the dialog. */
export function SecretDialog({
  open,
  name,
  onClose,
}: {
  open: boolean;
  name: string | null;
  onClose: () => void;
}) {
  const { client } = useHouse();
  const [typed, setTyped] = useState('');
  const [value, setValue] = useState('');
  const wanted = name ?? typed;
  const parsed = secretNameSchema.safeParse(wanted);
  const store = useTask((_signal) => client.secrets.set({ name: wanted, value }));
  const close = () => {
    store.reset();
    setTyped('');
    setValue('');
    onClose();
  };
  const submit = async () => {
    if (!(await store.run())) return;
    say(`Stored ${wanted}.`);
    close();
  };
  return (
    <Dialog
      title={name ? `Replace ${name}` : 'Store a secret'}
      words="The value is sealed on this machine and is never shown again."
      open={open}
      onClose={close}
      lead={{
        label: 'Store',
        disabled: !parsed.success || value === '',
        busy: store.busy,
        run: () => void submit(),
      }}
    >
      {name === null && (
        <Field
          label="Name"
          wrong={typed !== '' && !parsed.success ? parsed.error.issues[0]?.message : undefined}
          hint="Such as npm-token."
        >
          {(control) => (
            <TextInput
              {...control}
              mono
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoFocus
            />
          )}
        </Field>
      )}
      <Field label="Value">
        {(control) => (
          <TextInput
            {...control}
            mono
            type="password"
            autoComplete="new-password"
            value={value}
            onChange={(event) => setValue(event.target.value)}
            autoFocus={name !== null}
          />
        )}
      </Field>
      <ProblemNote problem={store.problem} />
    </Dialog>
  );
}
