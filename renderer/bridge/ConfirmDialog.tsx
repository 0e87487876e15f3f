import type { ReactNode } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { useTask } from './use-task.ts';

/** Asks once more before something that matters. `deed` does it and says so; the dialog closes when it is done. */
export function ConfirmDialog({
  title,
  words,
  label,
  open,
  calm = false,
  deed,
  onClose,
}: {
  title: string;
  words: ReactNode;
  /** What the button says. */
  label: string;
  open: boolean;
  /** It can be taken back: Enter is enough. */
  calm?: boolean;
  deed: () => Promise<void>;
  onClose: () => void;
}) {
  const task = useTask(async (_signal) => {
    await deed();
    return true;
  });
  const close = () => {
    task.reset();
    onClose();
  };
  const submit = async () => {
    if (await task.run()) close();
  };
  return (
    <Dialog
      title={title}
      words={words}
      open={open}
      onClose={close}
      lead={{ label, danger: !calm, busy: task.busy, run: () => void submit() }}
    >
      <ProblemNote problem={task.problem} />
    </Dialog>
  );
}
