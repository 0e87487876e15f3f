import { useState } from 'react';
import type { AgentSession } from '../../../../shared/agent-session.ts';
import { useHouse } from '../../../bridge/house.ts';
import { useTask } from '../../../bridge/use-task.ts';
import { TextInput } from '../../../ui/Field.tsx';
import styles from './TitleField.module.css';

/** The session's title; a click changes it. */
export function TitleField({ session }: { session: AgentSession }) {
  const { client } = useHouse();
  const [text, setText] = useState<string | null>(null);
  const rename = useTask((_signal, title: string) =>
    client.agentSessions.change({ session: session.id, title }),
  );
  const leave = () => {
    const title = text?.trim() ?? '';
    if (title !== '' && title !== session.title) void rename.run(title);
    setText(null);
  };
  if (text === null) {
    return (
      <h2>
        <button type="button" className={styles.rename} title="Rename" onClick={() => setText(session.title)}>
          {session.title}
        </button>
      </h2>
    );
  }
  return (
    <TextInput
      autoFocus
      aria-label="Title of the session"
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') leave();
        if (event.key === 'Escape') setText(null);
      }}
    />
  );
}
