import type { Token } from '../../../shared/contract/house.ts';
import { ConfirmDialog } from '../../bridge/ConfirmDialog.tsx';
import { useHouse } from '../../bridge/house.ts';
import { say } from '../../ui/Toast.tsx';

export function RevokeDialog({ token, onClose }: { token: Token | null; onClose: () => void }) {
  const { client } = useHouse();
  return (
    <ConfirmDialog
      title={`Revoke “${token?.name ?? ''}”`}
      words="Whoever holds it is out at once, and connections that use it end. This cannot be taken back; a new token can be made."
      label="Revoke"
      open={token !== null}
      deed={async () => {
        if (!token) return;
        await client.access.revoke({ token: token.id });
        say(`Revoked “${token.name}”.`);
      }}
      onClose={onClose}
    />
  );
}
