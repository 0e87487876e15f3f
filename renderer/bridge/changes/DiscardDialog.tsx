import type { Task } from '../use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';

/** What cannot be undone is asked about once. */
export function DiscardDialog({
  of,
  stays,
  open,
  discard,
  onClose,
}: {
  of: 'session' | 'run';
  /** What is not touched by it. */
  stays: string;
  open: boolean;
  discard: Pick<Task<[], unknown>, 'busy' | 'run'>;
  onClose: () => void;
}) {
  return (
    <Dialog
      title="Throw the changes away?"
      words={`What this ${of} changed and you did not apply is deleted. ${stays}`}
      open={open}
      onClose={onClose}
      lead={{ label: 'Throw away', danger: true, busy: discard.busy, run: () => void discard.run() }}
    />
  );
}
