import { useState } from 'react';
import type { Session } from '../../../shared/session.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { FolderLines } from '../../bridge/FolderLines.tsx';
import { HostsField, ImageField, sandboxOptions } from '../../bridge/PlaceFields.tsx';
import { consequence, emptyWish, type ReadWish, readWish, type WishForm } from './wish-form.ts';

const networks = [
  { value: 'none' as const, label: 'No network' },
  { value: 'some' as const, label: 'Only these hosts' },
];

/** A terminal or a command, with everything it may do chosen in words before it starts. */
export function ContainedDialog({
  open,
  onClose,
  onStarted,
}: {
  open: boolean;
  onClose: () => void;
  onStarted: (session: Session) => void;
}) {
  const { client } = useHouse();
  const [form, setForm] = useState<WishForm>(emptyWish);
  const set = (change: Partial<WishForm>) => setForm({ ...form, ...change });
  const { wish, wrong } = readWish(form);
  const start = useTask(async (_signal) => {
    if (!wish) return;
    const session = await client.sessions.start(wish);
    setForm(emptyWish);
    onStarted(session);
  });
  return (
    <Dialog
      title="Contained terminal"
      words={consequence(form)}
      open={open}
      onClose={() => {
        start.reset();
        onClose();
      }}
      wide
      lead={{ label: 'Start', disabled: !wish, busy: start.busy, run: () => void start.run() }}
    >
      <WishFields form={form} wrong={wrong} set={set} />
      <ProblemNote problem={start.problem} />
    </Dialog>
  );
}

interface FieldsProps {
  form: WishForm;
  wrong: ReadWish['wrong'];
  set: (change: Partial<WishForm>) => void;
}

function WishFields(props: FieldsProps) {
  const { form, wrong, set } = props;
  return (
    <>
      <Field label="Command" hint="Empty: a shell." wrong={wrong.command}>
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="a shell"
            value={form.command}
            onChange={(event) => set({ command: event.target.value })}
            autoFocus
          />
        )}
      </Field>
      <FolderLines folders={form.folders} wrong={wrong.folders} onChange={(folders) => set({ folders })} />
      <Choice
        label="Where"
        value={form.sandbox}
        options={sandboxOptions}
        onChange={(sandbox) => set({ sandbox })}
      />
      {form.sandbox === 'container' && <ImageField value={form.image} onChange={(image) => set({ image })} />}
      <ReachFields {...props} />
    </>
  );
}

/** Its network and its limits. */
function ReachFields({ form, wrong, set }: FieldsProps) {
  return (
    <>
      <Choice
        label="Network"
        value={form.network}
        options={networks}
        onChange={(network) => set({ network })}
      />
      {form.network === 'some' && (
        <HostsField
          label="Hosts"
          hint="One on a line: example.org:443, *.example.org."
          value={form.hosts}
          wrong={wrong.hosts}
          onChange={(hosts) => set({ hosts })}
        />
      )}
      <Field label="Memory" hint="512M, 2G; empty: no limit of its own." wrong={wrong.memory}>
        {(control) => (
          <TextInput
            {...control}
            mono
            value={form.memory}
            onChange={(event) => set({ memory: event.target.value })}
          />
        )}
      </Field>
      {form.memory.trim() !== '' && form.sandbox === 'namespace' && (
        <Checkbox checked={form.supervised} onChange={(supervised) => set({ supervised })}>
          Where the kernel cannot hold this limit here, let a watchdog end the session at it
        </Checkbox>
      )}
    </>
  );
}
