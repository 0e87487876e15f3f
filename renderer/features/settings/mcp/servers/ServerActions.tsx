import { useState } from 'react';
import type { ToolServerPage, ToolServerRow } from '../../../../../shared/tool-server.ts';
import { ConfirmDialog } from '../../../../bridge/ConfirmDialog.tsx';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Button } from '../../../../ui/Button.tsx';
import { go } from '../../../../ui/place.ts';
import { useShortcuts } from '../../../../ui/shortcuts.ts';
import { say } from '../../../../ui/Toast.tsx';
import { mcpPlace } from '../mcp-places.ts';
import { SignIn } from './SignIn.tsx';

/** Start, stop, sign in and out, remove. */
export function ServerActions({
  row: { name, state, since },
  signsIn,
  onPage,
}: {
  row: ToolServerRow;
  /** Whether its declaration says that a person signs in to it. */
  signsIn: boolean;
  onPage: (page: ToolServerPage) => void;
}) {
  const { client } = useHouse();
  const [removing, setRemoving] = useState(false);
  const steer = useTask(async (_signal, deed: 'start' | 'stop' | 'signOut') =>
    onPage(await client.toolServers[deed]({ server: name })),
  );
  const runs = state === 'ready' || state === 'starting';
  const startable = !runs && state !== 'off' && state !== 'broken' && !(signsIn && state === 'signing');
  useShortcuts('This server', [
    ...(runs ? [{ keys: 's', title: 'Stop it', run: () => void steer.run('stop') }] : []),
    ...(startable ? [{ keys: 's', title: 'Start it', run: () => void steer.run('start') }] : []),
  ]);
  return (
    <>
      <Button look="ghost" onClick={() => setRemoving(true)}>
        Remove…
      </Button>
      {signsIn && state === 'ready' && (
        <Button look="ghost" busy={steer.busy} onClick={() => void steer.run('signOut')}>
          Sign out
        </Button>
      )}
      {signsIn && state !== 'ready' && state !== 'off' && (
        <SignIn name={name} signing={state === 'signing'} since={since} />
      )}
      {runs && (
        <Button keys="s" busy={steer.busy} onClick={() => void steer.run('stop')}>
          Stop
        </Button>
      )}
      {startable && (
        <Button
          look={state === 'signing' ? 'plain' : 'lead'}
          keys="s"
          busy={steer.busy}
          onClick={() => void steer.run('start')}
        >
          {state === 'waiting' ? 'Start again' : 'Start'}
        </Button>
      )}
      <ProblemNote problem={steer.problem} />
      <ConfirmDialog
        title={`Remove ${name}?`}
        words="It ends, and its declaration is taken out of the file. Agents that name its tools can use them no more; what they did stays on the record."
        label="Remove"
        open={removing}
        deed={async () => {
          await client.toolServers.remove({ server: name });
          say(`Removed ${name}.`);
          go(mcpPlace);
        }}
        onClose={() => setRemoving(false)}
      />
    </>
  );
}
