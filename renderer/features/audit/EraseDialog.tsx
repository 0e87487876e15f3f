import { useState } from 'react';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import { countOf } from '../../ui/words.ts';

export interface EraseDialogProps {
  event: RecordedEvent;
  open: boolean;
  onClose: () => void;
  onErased: () => void;
}

/** Erasing is for good, so it asks for the reason, which goes on the record. */
export function EraseDialog({ event, open, onClose, onErased }: EraseDialogProps) {
  const { client } = useHouse();
  const [reason, setReason] = useState('');
  const erase = useTask((_signal) => client.record.erase({ seq: event.seq, reason: reason.trim() }));
  const close = () => {
    erase.reset();
    setReason('');
    onClose();
  };
  const submit = async () => {
    if (!(await erase.run())) return;
    say(`Erased what event ${countOf(event.seq)} carried.`);
    close();
    onErased();
  };
  const blobs = event.blobs.length;
  return (
    <Dialog
      title={`Erase what event ${countOf(event.seq)} carries`}
      words={
        <>
          Its data{blobs > 0 && ` and ${blobs === 1 ? 'its attachment' : `its ${blobs} attachments`}`} will be
          gone for good, also from bundles made later. The event itself stays, and the record still verifies.
          That you erased it becomes an event.
        </>
      }
      open={open}
      onClose={close}
      lead={{
        label: 'Erase for good',
        danger: true,
        disabled: reason.trim() === '',
        busy: erase.busy,
        run: () => void submit(),
      }}
    >
      <Field label="Why" hint="Stands on the record, so do not repeat what you erase.">
        {(control) => (
          <TextInput
            {...control}
            value={reason}
            maxLength={500}
            onChange={(change) => setReason(change.target.value)}
            autoFocus
          />
        )}
      </Field>
      <ProblemNote problem={erase.problem} />
    </Dialog>
  );
}
