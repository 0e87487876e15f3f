import type { ReactNode } from 'react';
import { Prose } from './Prose.tsx';
import styles from './ErrorNote.module.css';

export interface ErrorNoteProps {
  message: string;
  mend?: string | undefined;
  /** A button, where the mend can be done from here. */
  action?: ReactNode;
}

/** What went wrong in a sentence, and what a person can do about it. */
export function ErrorNote({ message, mend, action }: ErrorNoteProps) {
  return (
    <div role="alert" className={styles.note}>
      <div className={styles.words}>
        <div>
          <Prose>{sentence(message)}</Prose>
        </div>
        {mend && (
          <div className={styles.mend}>
            <Prose>{sentence(mend)}</Prose>
          </div>
        )}
      </div>
      {action}
    </div>
  );
}

function sentence(words: string): string {
  const started = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(started) ? started : `${started}.`;
}
