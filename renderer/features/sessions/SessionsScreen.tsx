import { useCallback } from 'react';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { ContainedDialog } from './ContainedDialog.tsx';
import { SessionInspector } from './SessionInspector.tsx';
import { SessionList } from './SessionList.tsx';
import styles from './SessionsScreen.module.css';
import { SessionView } from './SessionView.tsx';
import { useSessions } from './use-sessions.ts';

/** Everything at work in a sandbox: what it does, what it may do, what it was refused. */
export function SessionsScreen() {
  const { list, problem } = useSessions();
  const { params } = usePlace();
  const chosen = list?.find(({ id }) => id === params.get('session'));
  const choose = useCallback((session: string) => stay({ session }), []);
  const ask = useCallback(() => stay({ ...Object.fromEntries(params), do: 'terminal' }), [params]);
  const close = useCallback(() => {
    const session = params.get('session');
    stay(session ? { session } : {});
  }, [params]);
  useShortcuts('Sessions', [{ keys: 'c', title: 'Contained terminal', run: ask }]);
  return (
    <div className={styles.screen} data-chosen={chosen ? true : undefined}>
      <header className={styles.head}>
        <h1>Sessions</h1>
        <Button keys="c" onClick={ask}>
          Contained terminal…
        </Button>
      </header>
      <div className={styles.list}>
        <ProblemNote problem={problem} />
        {list?.length === 0 && (
          <Empty
            title="Nothing has run in a sandbox yet"
            action={
              <Button look="lead" onClick={ask}>
                Contained terminal…
              </Button>
            }
          >
            A session is one command or terminal, held in by the kernel. It sees the folders you give it and
            nothing else of yours.
          </Empty>
        )}
        {list && list.length > 0 && <SessionList sessions={list} chosen={chosen?.id} onChoose={choose} />}
      </div>
      {chosen && <SessionView key={chosen.id} session={chosen} />}
      {chosen && <SessionInspector key={`${chosen.id}-inspector`} session={chosen} />}
      <ContainedDialog
        open={params.get('do') === 'terminal'}
        onClose={close}
        onStarted={({ id }) => choose(id)}
      />
    </div>
  );
}
