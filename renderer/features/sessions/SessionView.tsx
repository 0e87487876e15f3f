import { useState } from 'react';
import type { Session } from '../../../shared/session.ts';
import { Changes } from '../../bridge/changes/Changes.tsx';
import { WorkChanges } from '../../bridge/changes/WorkChanges.tsx';
import { useHouse } from '../../bridge/house.ts';
import { commandLine, commandStanding, isLive, sessionTitle } from '../../bridge/session-standing.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { againOf } from '../../bridge/work/again-form.ts';
import { openWork } from '../../bridge/work/work-sheet.ts';
import { Button } from '../../ui/Button.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { View } from '../../ui/View.tsx';
import styles from './SessionView.module.css';
import { TerminalPane } from './TerminalPane.tsx';
import { WorkLife } from './work/WorkLife.tsx';

/** One session: what it prints, and what it would change. */
export function SessionView({ session }: { session: Session }) {
  const { client } = useHouse();
  const { work } = session;
  // What works by itself is watched; a terminal that the person opened is there to be typed into.
  const [typing, setTyping] = useState(session.terminal && work === null && isLive(session));
  const [shown, setShown] = useState<'output' | 'changes'>(
    session.review === 'waiting' || work?.kept ? 'changes' : 'output',
  );
  const live = isLive(session);
  const changed = session.review !== 'none' || (work?.collected ?? null) !== null;
  const stop = useTask((_signal, force: boolean) => client.sessions.stop({ session: session.id, force }));
  const { words, tone } = commandStanding(session);
  useShortcuts('This session', [
    ...(live ? [{ keys: 's', title: 'Stop it', run: () => void stop.run(false) }] : []),
    ...(work && !live
      ? [{ keys: 'r', title: 'Start it again', run: () => openWork(againOf(session.id, work)) }]
      : []),
  ]);
  return (
    <View
      label={`Session ${sessionTitle(session)}`}
      title={
        work ? (
          <h2>{sessionTitle(session)}</h2>
        ) : (
          <code className={styles.command}>{commandLine(session)}</code>
        )
      }
      line={
        <>
          <Dot tone={tone} />
          <span role="status">{words}</span>
        </>
      }
      actions={
        <>
          {changed && (
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
              {(!work || session.terminal) && (
                <Button aria-pressed={typing} onClick={() => setTyping(!typing)}>
                  {typing ? 'Only watch' : work ? 'Take the keyboard' : 'Type'}
                </Button>
              )}
              <Button keys="s" busy={stop.busy} onClick={() => void stop.run(session.state === 'stopping')}>
                {session.state === 'stopping' ? 'Stop at once' : 'Stop'}
              </Button>
            </>
          )}
        </>
      }
    >
      {work && <WorkLife session={session} work={work} />}
      <ProblemNote problem={stop.problem} />
      {shown === 'changes' && changed && work ? (
        <WorkChanges session={session} work={work} />
      ) : shown === 'changes' && changed ? (
        <Changes
          of={{ kind: 'session', id: session.id }}
          waits={session.state !== 'ended'}
          over={session.state === 'reviewing'}
        />
      ) : (
        <TerminalPane session={session} input={typing} />
      )}
    </View>
  );
}
