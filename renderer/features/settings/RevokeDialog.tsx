import type { Token } from '../../../shared/contract/house.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { say } from '../../ui/Toast.tsx';

export function RevokeDialog({ token, onClose }: { token: Token | null; onClose: () => void }) {
  const { client } = useHouse();
  const revoke = useTask((_signal, id: string) => client.access.revoke({ token: id }));
  const close = () => {
    revoke.reset();
    onClose();
  };
  const submit = async () => {
    if (!token || !(await revoke.run(token.id))) return;
    say(`Revoked “${token.name}”.`);
    close();
  };
  return (
    <Dialog
      title={`Revoke “${token?.name ?? ''}”`}
      words="Whoever holds it is out at once, and connections that use it end. This cannot be taken back; a new token can be made."
      open={token !== null}
      onClose={close}
      lead={{ label: 'Revoke', danger: true, busy: revoke.busy, run: () => void submit() }}
    >
      <ProblemNote problem={revoke.problem} />
    </Dialog>
  );
}
