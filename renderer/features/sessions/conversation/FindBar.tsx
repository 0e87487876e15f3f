import { useEffect, useState } from 'react';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextInput } from '../../../ui/Field.tsx';
import styles from './FindBar.module.css';

const pause = 200;

/** Finds words in the whole conversation, also where it is not on the page yet. */
export function FindBar({
  session,
  onClose,
  onGo,
}: {
  session: string;
  onClose: () => void;
  onGo: (seq: number) => void;
}) {
  const { client } = useHouse();
  const [text, setText] = useState('');
  const found = useTask((signal, words: string) =>
    client.agentSessions.find({ session, text: words }, { signal }),
  );
  const { run } = found;
  useEffect(() => {
    if (text.trim() === '') return undefined;
    const timer = setTimeout(() => void run(text.trim()), pause);
    return () => clearTimeout(timer);
  }, [run, text]);
  const list = text.trim() === '' ? [] : (found.result ?? []);
  return (
    <div role="search" className={styles.find}>
      <div className={styles.line}>
        <TextInput
          autoFocus
          onKeyDown={(event) => {
            if (event.key === 'Escape') onClose();
            if (event.key === 'Enter' && list[0]) onGo(list[0].seq);
          }}
          aria-label="Find in this session"
          placeholder="Find in this session"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button look="ghost" keys="escape" onClick={onClose}>
          Close
        </Button>
      </div>
      <ProblemNote problem={found.problem} />
      {found.result && text.trim() !== '' && list.length === 0 && (
        <p className={styles.soft}>Nothing is found.</p>
      )}
      {list.length > 0 && (
        <ul className={styles.list} aria-label="Found">
          {list.map(({ seq, line }) => (
            <li key={seq}>
              <button type="button" className={styles.hit} onClick={() => onGo(seq)}>
                {line}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
