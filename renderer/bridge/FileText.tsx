import { useRef } from 'react';
import { TextArea } from '../ui/Field.tsx';
import { offsetIn } from './file-place.ts';
import styles from './FileText.module.css';
import { type PlacedProblem, ProblemList } from './ProblemList.tsx';

/** The file itself. What is wrong stands below it and leads to its place. */
export function FileText({
  text,
  problems,
  onWrite,
}: {
  text: string;
  problems: readonly PlacedProblem[];
  onWrite: (text: string) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  return (
    <div className={styles.file}>
      <TextArea
        ref={area}
        aria-label="Text of the file"
        className={styles.text}
        spellCheck={false}
        wrap="off"
        value={text}
        onChange={(event) => onWrite(event.target.value)}
      />
      <ProblemList
        problems={problems}
        onGo={({ line, column }) => {
          const offset = offsetIn(text, line, column);
          area.current?.focus();
          area.current?.setSelectionRange(offset, offset);
        }}
      />
    </div>
  );
}
