import { useEffect } from 'react';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { say } from '../../ui/Toast.tsx';
import { bytesOf, plural } from '../../ui/words.ts';

/** Shows what the policy would take before it takes it. */
export function PruneDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const look = useTask((_signal) => client.record.prune({ dryRun: true }));
  const prune = useTask((_signal) => client.record.prune({ dryRun: false }));
  const { run } = look;
  useEffect(() => {
    if (open) void run();
  }, [open, run]);
  const submit = async () => {
    const pruned = await prune.run();
    if (!pruned) return;
    say(`Pruned ${plural(pruned.count, 'attachment')}, ${bytesOf(pruned.bytes)}.`);
    onClose();
  };
  const found = look.result;
  return (
    <Dialog
      title="Prune attachments"
      words="By the two limits above. What is pruned is gone, its hash stays proven, and the pruning is an event."
      open={open}
      onClose={onClose}
      lead={{
        label: found && found.count > 0 ? `Prune ${plural(found.count, 'attachment')}` : 'Prune',
        danger: true,
        disabled: !found || found.count === 0,
        busy: prune.busy,
        run: () => void submit(),
      }}
    >
      {look.busy && <p>Looking…</p>}
      {found && (
        <p role="status">
          {found.count === 0
            ? found.left.count > 0
              ? 'Nothing can go now.'
              : 'Nothing to prune: everything is within the limits.'
            : `${plural(found.count, 'attachment')}, ${bytesOf(found.bytes)} in all, would go.`}
        </p>
      )}
      {found && found.left.count > 0 && (
        <p>
          {plural(found.left.count, 'attachment')}, {bytesOf(found.left.bytes)} in all, would stay: sessions
          that have not ended need them to go on.
        </p>
      )}
      <ProblemNote problem={look.problem ?? prune.problem} />
    </Dialog>
  );
}
