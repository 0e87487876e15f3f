import { useCallback } from 'react';
import { useAgentSessions } from '../../bridge/agent-sessions.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useSessions } from '../../bridge/sessions.ts';
import { openWork } from '../../bridge/work/work-sheet.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { go, stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { ContainedDialog } from './ContainedDialog.tsx';
import { AgentInspector } from './conversation/AgentInspector.tsx';
import { AskDialog } from './conversation/AskDialog.tsx';
import { ConversationView } from './conversation/ConversationView.tsx';
import { JobsView } from './jobs/JobsView.tsx';
import { SessionInspector } from './SessionInspector.tsx';
import { SessionList } from './SessionList.tsx';
import styles from './SessionsScreen.module.css';
import { SessionView } from './SessionView.tsx';

/** Everything at work in a sandbox: agents and commands, what they do, what they may do, what they were refused. */
export function SessionsScreen() {
  const { list, problem } = useSessions();
  const withAgents = useAgentSessions();
  const { params } = usePlace();
  const id = params.get('session');
  const command = list?.find((each) => each.id === id);
  const talk = withAgents.list?.find((each) => each.id === id);
  const choose = useCallback((session: string) => stay({ session }), []);
  const open = useCallback(
    (deed: 'terminal' | 'ask') => stay({ ...(id && { session: id }), do: deed }),
    [id],
  );
  const close = useCallback(() => stay(id ? { session: id } : {}), [id]);
  const showJobs = useCallback(() => go('sessions', { show: 'jobs' }), []);
  useShortcuts('Sessions', [
    { keys: 'j', title: 'Jobs of all sessions', run: showJobs },
    { keys: 'a', title: 'Ask an agent', run: () => open('ask') },
    { keys: 'c', title: 'Contained terminal', run: () => open('terminal') },
  ]);
  const jobs = params.get('show') === 'jobs';
  const none = list?.length === 0 && withAgents.list?.length === 0;
  return (
    <div className={styles.screen} data-chosen={command || talk || jobs ? true : undefined}>
      <header className={styles.head}>
        <h1>Sessions</h1>
        <Button keys="j" onClick={showJobs}>
          Jobs
        </Button>
        <Button keys="c" onClick={() => open('terminal')}>
          Contained terminal…
        </Button>
        <Button keys="i" onClick={() => openWork()}>
          Command agent…
        </Button>
        <Button look="lead" keys="a" onClick={() => open('ask')}>
          Ask an agent…
        </Button>
      </header>
      <div className={styles.list}>
        <ProblemNote problem={problem ?? withAgents.problem} />
        {none && (
          <Empty
            title="Nothing has run in a sandbox yet"
            action={
              <Button look="lead" onClick={() => open('ask')}>
                Ask an agent…
              </Button>
            }
          >
            A session is an agent, a command or a terminal, held in by the kernel. It sees the folders you
            give it and nothing else of yours.
          </Empty>
        )}
        {list && withAgents.list && !none && (
          <SessionList commands={list} talks={withAgents.list} chosen={id ?? undefined} onChoose={choose} />
        )}
      </div>
      {jobs && <JobsView session={talk?.id ?? null} chosen={params.get('job')} />}
      {!jobs && command && <SessionView key={command.id} session={command} />}
      {!jobs && command && <SessionInspector key={`${command.id}-inspector`} session={command} />}
      {!jobs && talk && <ConversationView key={talk.id} session={talk} />}
      {!jobs && talk && <AgentInspector key={`${talk.id}-inspector`} session={talk} />}
      <ContainedDialog
        open={params.get('do') === 'terminal'}
        onClose={close}
        onStarted={(session) => choose(session.id)}
      />
      <AskDialog
        open={params.get('do') === 'ask'}
        agent={params.get('agent')}
        onClose={close}
        onOpened={(session) => choose(session.id)}
      />
    </div>
  );
}
