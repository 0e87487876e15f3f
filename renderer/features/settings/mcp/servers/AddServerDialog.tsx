import { useState } from 'react';
import { Problem } from '../../../../../shared/problem.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { say } from '../../../../ui/Toast.tsx';
import { declared, emptyServer, readServer, type ServerForm } from './server-form.ts';
import { ServerFields } from './ServerFields.tsx';

/** Declares a server. It is started when somebody asks for it, and its tools are looked at before any is used. */
export function AddServerDialog({
  open,
  taken,
  onClose,
  onAdded,
}: {
  open: boolean;
  taken: ReadonlySet<string>;
  onClose: () => void;
  onAdded: (name: string) => void;
}) {
  const { client } = useHouse();
  const [form, setForm] = useState<ServerForm>(emptyServer);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState(false);
  const { transport, wrong } = readServer(form, taken);
  const seen = Object.fromEntries(Object.entries(wrong).filter(([field]) => asked || touched.has(field)));
  const clear = () => {
    setForm(emptyServer);
    setTouched(new Set());
    setAsked(false);
  };
  const add = useTask(async (_signal) => {
    if (!transport) return;
    const { text, problems } = await client.toolServers.compose({
      text: '',
      set: [{ field: ['transport'], value: declared(transport) }],
    });
    const [problem] = problems;
    if (problem) throw new Problem('invalid_input', `${problem.field}: ${problem.message}`);
    await client.toolServers.save({ server: form.name, text });
    say(`Added ${form.name}.`);
    clear();
    onAdded(form.name);
  });
  return (
    <Dialog
      title="Add a server of tools"
      words="Agents may use its tools once you have looked at them, and where their file names them."
      open={open}
      onClose={() => {
        add.reset();
        clear();
        onClose();
      }}
      wide
      tall
      lead={{
        label: 'Add',
        busy: add.busy,
        run: () => {
          setAsked(true);
          if (transport) void add.run();
        },
      }}
    >
      <ServerFields
        form={form}
        wrong={seen}
        set={(change) => {
          setTouched((before) => new Set([...before, ...Object.keys(change)]));
          setForm((before) => ({ ...before, ...change }));
        }}
      />
      <ProblemNote problem={add.problem} />
    </Dialog>
  );
}
