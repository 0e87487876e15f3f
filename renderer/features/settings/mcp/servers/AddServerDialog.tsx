import { useState } from 'react';
import { Problem } from '../../../../../shared/problem.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { say } from '../../../../ui/Toast.tsx';
import { useSeenWrong } from '../../../../ui/use-seen-wrong.ts';
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
  const { transport, wrong } = readServer(form, taken);
  const seen = useSeenWrong(wrong);
  const clear = () => {
    setForm(emptyServer);
    seen.clear();
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
          seen.all();
          if (transport) void add.run();
        },
      }}
    >
      <ServerFields
        form={form}
        wrong={seen.wrong}
        set={(change) => {
          seen.touch(Object.keys(change));
          setForm((before) => ({ ...before, ...change }));
        }}
      />
      <ProblemNote problem={add.problem} />
    </Dialog>
  );
}
