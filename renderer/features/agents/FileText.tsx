import { useRef } from 'react';
import { ProblemList } from '../../bridge/ProblemList.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { offsetIn } from './agent-words.ts';
import styles from './FileText.module.css';
import type { Draft } from './use-draft.ts';

/** The file itself. What is wrong stands below it and leads to its place. */
export function FileText({ draft }: { draft: Draft }) {
  const area = useRef<HTMLTextAreaElement>(null);
  if (draft.text === null) return null;
  const { text } = draft;
  return (
    <div className={styles.file}>
      <TextArea
        ref={area}
        aria-label="Text of the file"
        className={styles.text}
        spellCheck={false}
        wrap="off"
        value={text}
        onChange={(event) => draft.write(event.target.value)}
      />
      <ProblemList
        problems={draft.checked.problems}
        onGo={({ line, column }) => {
          const offset = offsetIn(text, line, column);
          area.current?.focus();
          area.current?.setSelectionRange(offset, offset);
        }}
      />
    </div>
  );
}
