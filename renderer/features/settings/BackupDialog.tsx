import { useState } from 'react';
import { Problem } from '../../../shared/problem.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { bytesOf, plural } from '../../ui/words.ts';

/** A copy of the whole record in one file, consistent while everything goes on. */
export function BackupDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const [path, setPath] = useState('');
  const [step, setStep] = useState({ phase: 'Starting', done: 0, total: 0 });
  const backup = useTask(async (signal) => {
    for await (const told of await client.house.backup({ path }, { signal })) {
      if (told.progress) setStep(told.progress);
      if (told.result) return told.result;
    }
    throw new Problem('unavailable', 'The backup ended without a result.', 'Start it again.');
  });
  const absolute = path.startsWith('/') || /^[A-Za-z]:\\/.test(path);
  const close = () => {
    backup.reset();
    onClose();
  };
  return (
    <Dialog
      title="Make a backup"
      words="Copies the record into one new file while everything goes on. Secrets are not in it."
      open={open}
      onClose={close}
      lead={
        !backup.result && {
          label: 'Make the backup',
          disabled: !absolute,
          busy: backup.busy,
          run: () => void backup.run(),
        }
      }
    >
      {backup.result ? (
        <p role="status">
          {plural(backup.result.size, 'event')} are in <code>{backup.result.path}</code>,{' '}
          {bytesOf(backup.result.bytes)}.
        </p>
      ) : (
        <Field
          label="File"
          hint="An absolute path where no file is yet, on the machine Holdfast runs on."
          wrong={path !== '' && !absolute ? 'It must be an absolute path.' : undefined}
        >
          {(control) => (
            <TextInput
              {...control}
              mono
              value={path}
              onChange={(event) => setPath(event.target.value)}
              autoFocus
            />
          )}
        </Field>
      )}
      {backup.busy && <Progress label={step.phase} done={step.done} total={step.total} />}
      <ProblemNote problem={backup.problem} />
    </Dialog>
  );
}
