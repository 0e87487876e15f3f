import { useState } from 'react';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { CopyText } from '../../ui/CopyText.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';

/** A new key signs from here on. Why it was changed goes on the record, under both keys. */
export function RotateKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const [reason, setReason] = useState('');
  const rotate = useTask((_signal) => client.record.rotateKey({ reason: reason.trim() }));
  const close = () => {
    rotate.reset();
    setReason('');
    onClose();
  };
  return (
    <Dialog
      title="Change the signing key"
      words="A new key signs from here on. What the present key signed stays valid, and the change itself is an event."
      open={open}
      onClose={close}
      lead={
        !rotate.result && {
          label: 'Change the key',
          disabled: reason.trim() === '',
          busy: rotate.busy,
          run: () => void rotate.run(),
        }
      }
    >
      {rotate.result ? (
        <>
          <p role="status">The new key signs now. People who check bundles compare this fingerprint:</p>
          <CopyText block value={rotate.result.fingerprint} label="the fingerprint" />
        </>
      ) : (
        <Field label="Why" hint="Goes on the record.">
          {(control) => (
            <TextInput
              {...control}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
              autoFocus
            />
          )}
        </Field>
      )}
      <ProblemNote problem={rotate.problem} />
    </Dialog>
  );
}
