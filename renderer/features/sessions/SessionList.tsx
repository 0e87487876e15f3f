import { type KeyboardEvent, useRef } from 'react';
import type { Session } from '../../../shared/session.ts';
import { Age } from '../../ui/Age.tsx';
import { Dot } from '../../ui/Dot.tsx';
import styles from './SessionList.module.css';
import { commandLine, standing } from './session-words.ts';

/** All sessions; the arrow keys move through them. */
export function SessionList({
  sessions,
  chosen,
  onChoose,
}: {
  sessions: readonly Session[];
  chosen: string | undefined;
  onChoose: (session: string) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
    event.preventDefault();
  };
  return (
    <ul ref={list} className={styles.list} aria-label="Sessions">
      {sessions.map((session) => {
        const { words, tone } = standing(session);
        return (
          <li key={session.id}>
            <button
              type="button"
              className={styles.session}
              aria-current={session.id === chosen ? 'true' : undefined}
              onClick={() => onChoose(session.id)}
              onKeyDown={onKeyDown}
            >
              <Dot tone={tone} label={words} />
              <span className={styles.words}>
                <code className={styles.command}>{commandLine(session)}</code>
                <span className={styles.detail}>
                  {words} · <Age time={session.ended ?? session.started} />
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
