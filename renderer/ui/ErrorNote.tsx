import type { ReactNode } from 'react';
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
        <div>{sentence(message)}</div>
        {mend && <div className={styles.mend}>{sentence(mend)}</div>}
      </div>
      {action}
    </div>
  );
}

function sentence(words: string): string {
  const started = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(started) ? started : `${started}.`;
}
