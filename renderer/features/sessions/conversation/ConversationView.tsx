import { useRef, useState } from 'react';
import type { AgentSession } from '../../../../shared/agent-session.ts';
import { useHouse } from '../../../bridge/house.ts';
import { talkStanding } from '../../../bridge/session-standing.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dot } from '../../../ui/Dot.tsx';
import { useShortcuts } from '../../../ui/shortcuts.ts';
import { Tabs } from '../../../ui/Tabs.tsx';
import { View } from '../../../ui/View.tsx';
import { Changes } from '../../../bridge/changes/Changes.tsx';
import { Composer } from './Composer.tsx';
import { FindBar } from './FindBar.tsx';
import { RaiseBudget } from './RaiseBudget.tsx';
import { TitleField } from './TitleField.tsx';
import { Transcript, type TranscriptHandle } from '../../../bridge/conversation/Transcript.tsx';
import { useConversation } from '../../../bridge/conversation/use-conversation.ts';

const tabs = [
  { value: 'transcript' as const, label: 'Transcript' },
  { value: 'changes' as const, label: 'Changes' },
];

/** One session with an agent: what was said and done, and what is said next. */
export function ConversationView({ session }: { session: AgentSession }) {
  const conversation = useConversation(session.id);
  const transcript = useRef<TranscriptHandle>(null);
  const [finding, setFinding] = useState(false);
  const [shown, setShown] = useState<'transcript' | 'changes'>('transcript');
  const open = session.activity !== 'ended';
  const { words, tone } = talkStanding(session);
  const reviewed = session.review !== 'none';
  useShortcuts('This session', [
    { keys: 'mod f', title: 'Find in it', run: () => setFinding(true), always: true },
  ]);
  return (
    <View
      label={`Session ${session.title}`}
      title={<TitleField session={session} />}
      line={
        <>
          <Dot tone={tone} />
          <span role="status">
            {session.agent} {words}
          </span>
        </>
      }
      indent
      actions={
        <>
          {reviewed && <Tabs label="What to look at" shown={shown} tabs={tabs} onShow={setShown} />}
          <Button look="ghost" keys="mod f" onClick={() => setFinding(true)}>
            Find
          </Button>
          {open && <Steering session={session} />}
        </>
      }
    >
      <ProblemNote problem={conversation.problem} />
      {finding && (
        <FindBar
          session={session.id}
          onClose={() => setFinding(false)}
          onGo={(seq) => void transcript.current?.reveal(seq)}
        />
      )}
      {shown === 'changes' && reviewed ? (
        <Changes of={{ kind: 'session', id: session.id }} waits={waits(session)} over />
      ) : (
        <Transcript session={session.id} conversation={conversation} handle={transcript} />
      )}
      {session.activity === 'out_of_budget' && <RaiseBudget session={session} />}
      {open && <Composer session={session} />}
    </View>
  );
}

const waits = ({ review }: AgentSession) => review === 'waiting' || review === 'partly_applied';

/** Pause, go on, end the turn, end the session. */
function Steering({ session: { id, activity } }: { session: AgentSession }) {
  const { client } = useHouse();
  const task = useTask((_signal, deed: 'pause' | 'resume' | 'interrupt' | 'stop') =>
    client.agentSessions[deed]({ session: id }),
  );
  const working = activity === 'working' || activity === 'waiting';
  const halted = activity === 'paused' || activity === 'out_of_budget';
  useShortcuts('This session’s work', [
    ...(working ? [{ keys: 'x', title: 'End this turn', run: () => void task.run('interrupt') }] : []),
    {
      keys: 'p',
      title: halted ? 'Let it go on' : 'Pause it',
      run: () => void task.run(halted ? 'resume' : 'pause'),
    },
  ]);
  return (
    <>
      {working && (
        <Button keys="x" busy={task.busy} onClick={() => void task.run('interrupt')}>
          End turn
        </Button>
      )}
      <Button keys="p" busy={task.busy} onClick={() => void task.run(halted ? 'resume' : 'pause')}>
        {halted ? 'Go on' : 'Pause'}
      </Button>
      <Button busy={task.busy} onClick={() => void task.run('stop')}>
        End
      </Button>
      <ProblemNote problem={task.problem} />
    </>
  );
}
