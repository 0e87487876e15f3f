import { useState } from 'react';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Choice } from '../../ui/Choice.tsx';
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
  const [wish, setWish] = useState<'all' | 'blobs'>('all');
  const attached = event.blobs.filter(({ state }) => state !== 'erased');
  const only = wish === 'blobs' && attached.length > 0;
  const erase = useTask((_signal) =>
    client.record.erase({
      seq: event.seq,
      reason: reason.trim(),
      ...(only ? { blobs: attached.map(({ index }) => index) } : {}),
    }),
  );
  const close = () => {
    erase.reset();
    setReason('');
    setWish('all');
    onClose();
  };
  const submit = async () => {
    if (!(await erase.run())) return;
    say(
      only
        ? `Erased what was attached to event ${countOf(event.seq)}.`
        : `Erased what event ${countOf(event.seq)} carried.`,
    );
    close();
    onErased();
  };
  const attachments = attached.length === 1 ? 'its attachment' : `its ${attached.length} attachments`;
  return (
    <Dialog
      title={`Erase what event ${countOf(event.seq)} carries`}
      words={
        <>
          What you erase will be gone for good, also from bundles made later. The event itself stays, and the
          record still verifies. That you erased it becomes an event.
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
      {attached.length > 0 && (
        <Choice
          label="What"
          value={wish}
          onChange={setWish}
          options={[
            { value: 'all', label: `Its data and ${attachments}` },
            {
              value: 'blobs',
              label: 'Only what is attached',
              detail: `${attached.map(({ name }) => name).join(', ')}; what Holdfast knows by its data stays.`,
            },
          ]}
        />
      )}
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
