import { useEffect } from 'react';
import { isInDesktop } from '../../../../bridge/in-desktop.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Button } from '../../../../ui/Button.tsx';
import { CopyText } from '../../../../ui/CopyText.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';

/** The page where the person signs in is opened by the person: only a deed of theirs may do that. */
export function SignIn({
  name,
  signing,
  since,
}: {
  name: string;
  /** It waits for nothing else. */
  signing: boolean;
  since: string | null;
}) {
  const { client } = useHouse();
  const ask = useTask((_signal) => client.toolServers.signIn({ server: name }));
  const { reset } = ask;
  // However a sign-in ended, its address is good for nothing any more; the page behind says how.
  useEffect(reset, [reset, since]);
  const url = ask.result?.url ?? null;
  return (
    <>
      <Button look={signing ? 'lead' : 'ghost'} busy={ask.busy} onClick={() => void ask.run()}>
        Sign in…
      </Button>
      <ProblemNote problem={ask.problem} />
      <Dialog
        title={`Sign in to ${name}`}
        words={
          isInDesktop()
            ? 'Open this address in your browser. It comes back here by itself.'
            : 'Do it on its own page, in your browser. It comes back here by itself.'
        }
        open={url !== null}
        onClose={reset}
        lead={
          url !== null &&
          !isInDesktop() && {
            label: 'Open the page where you sign in',
            run: () => void window.open(url, '_blank', 'noopener,noreferrer'),
          }
        }
      >
        {url !== null && <CopyText block value={url} label="the address" />}
      </Dialog>
    </>
  );
}
