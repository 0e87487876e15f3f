import type { AgentSession } from '../../../shared/agent-session.ts';
import type { Session } from '../../../shared/session.ts';
import {
  changedWords,
  commandStanding,
  endedWords,
  sessionTitle,
  talkStanding,
} from '../../bridge/session-standing.ts';
import { Age } from '../../ui/Age.tsx';
import { ChoiceList, type ListedChoice } from '../../ui/ChoiceList.tsx';

/** All sessions, agents’ and commands’, the newest first. */
export function SessionList({
  commands,
  talks,
  chosen,
  onChoose,
}: {
  commands: readonly Session[];
  talks: readonly AgentSession[];
  chosen: string | undefined;
  onChoose: (session: string) => void;
}) {
  const choices = [...commands.map(choiceOfCommand), ...talks.map(choiceOfTalk)];
  const newest = choices.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return <ChoiceList label="Sessions" choices={newest} chosen={chosen} onChoose={onChoose} />;
}

function choiceOfCommand(session: Session): ListedChoice {
  const { words, tone } = commandStanding(session);
  const { work } = session;
  const changed = work ? changedWords(work) : '';
  const detail = (
    <>
      {work && session.outcome ? endedWords(session.outcome) : words}
      {changed !== '' && ` · ${changed}`} · <Age time={session.ended ?? session.started} />
    </>
  );
  return {
    id: session.id,
    tone,
    state: words,
    title: work ? sessionTitle(session) : <code>{sessionTitle(session)}</code>,
    detail,
  };
}

function choiceOfTalk(session: AgentSession): ListedChoice {
  const { words, tone } = talkStanding(session);
  const detail = (
    <>
      {session.agent} {words} · <Age time={session.changed} />
    </>
  );
  return { id: session.id, tone, state: words, title: session.title, detail };
}
