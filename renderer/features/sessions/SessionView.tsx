import { useState } from 'react';
import type { Session } from '../../../shared/session.ts';
import { useHouse } from '../../bridge/house.ts';
import { commandLine, commandStanding, isLive } from '../../bridge/session-standing.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { Changes } from '../../bridge/changes/Changes.tsx';
import styles from './SessionView.module.css';
import { TerminalPane } from './TerminalPane.tsx';

/** One session: what it prints, and what it would change. */
export function SessionView({ session }: { session: Session }) {
  const { client } = useHouse();
  const [typing, setTyping] = useState(session.terminal && isLive(session));
  const [shown, setShown] = useState<'output' | 'changes'>(
    session.review === 'waiting' ? 'changes' : 'output',
  );
  const live = isLive(session);
  const reviewed = session.review !== 'none';
  const stop = useTask((_signal, force: boolean) => client.sessions.stop({ session: session.id, force }));
  const { words, tone } = commandStanding(session);
  useShortcuts(
    'This session',
    live ? [{ keys: 's', title: 'Stop it', run: () => void stop.run(false) }] : [],
  );
  return (
    <section className={styles.view} aria-label={`Session ${commandLine(session)}`}>
      <header className={styles.head}>
        <div className={styles.what}>
          <code className={styles.command}>{commandLine(session)}</code>
          <span className={styles.standing} role="status">
            <Dot tone={tone} /> {words}
          </span>
        </div>
        {reviewed && (
          <Tabs
            label="What to look at"
            shown={shown}
            tabs={[
              { value: 'output', label: 'Output' },
              { value: 'changes', label: 'Changes' },
            ]}
            onShow={setShown}
          />
        )}
        {live && (
          <>
            <Button aria-pressed={typing} onClick={() => setTyping(!typing)}>
              {typing ? 'Only watch' : 'Type'}
            </Button>
            <Button keys="s" busy={stop.busy} onClick={() => void stop.run(session.state === 'stopping')}>
              {session.state === 'stopping' ? 'Stop at once' : 'Stop'}
            </Button>
          </>
        )}
      </header>
      <ProblemNote problem={stop.problem} />
      {shown === 'changes' && reviewed ? (
        <Changes
          of={{ kind: 'session', id: session.id }}
          waits={session.state !== 'ended'}
          over={session.state === 'reviewing'}
        />
      ) : (
        <TerminalPane session={session} input={typing} />
      )}
    </section>
  );
}
