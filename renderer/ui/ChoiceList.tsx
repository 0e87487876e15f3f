import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import styles from './ChoiceList.module.css';
import { Dot, type DotTone } from './Dot.tsx';

export interface ListedChoice {
  readonly id: string;
  readonly tone: DotTone;
  /** Says the tone to those who do not see it. */
  readonly state: string;
  readonly title: ReactNode;
  readonly detail: ReactNode;
}

/** A list of which one is looked at; the arrow keys move through it. */
export function ChoiceList({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  choices: readonly ListedChoice[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
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
    <ul ref={list} className={styles.list} aria-label={label}>
      {choices.map(({ id, tone, state, title, detail }) => (
        <li key={id}>
          <button
            type="button"
            className={styles.choice}
            aria-current={id === chosen ? 'true' : undefined}
            onClick={() => onChoose(id)}
            onKeyDown={onKeyDown}
          >
            <Dot tone={tone} label={state} />
            <span className={styles.words}>
              <span className={styles.title}>{title}</span>
              <span className={styles.detail}>{detail}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
