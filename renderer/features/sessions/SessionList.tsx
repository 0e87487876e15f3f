import type { Session } from '../../../shared/session.ts';
import { Age } from '../../ui/Age.tsx';
import { ChoiceList } from '../../ui/ChoiceList.tsx';
import { commandLine, standing } from './session-words.ts';

/** All sessions, the newest first. */
export function SessionList({
  sessions,
  chosen,
  onChoose,
}: {
  sessions: readonly Session[];
  chosen: string | undefined;
  onChoose: (session: string) => void;
}) {
  const choices = sessions.map((session) => {
    const { words, tone } = standing(session);
    const detail = (
      <>
        {words} · <Age time={session.ended ?? session.started} />
      </>
    );
    return { id: session.id, tone, state: words, title: <code>{commandLine(session)}</code>, detail };
  });
  return <ChoiceList label="Sessions" choices={choices} chosen={chosen} onChoose={onChoose} />;
}
