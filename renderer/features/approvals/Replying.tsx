import { useState } from 'react';
import type { ApprovalDetail } from '../../../shared/approval.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Field, TextArea } from '../../ui/Field.tsx';
import { useAnswering } from './use-answering.ts';

/** The answer to an agent's own question: one of its choices, or words of one's own. */
export function Replying({ detail }: { detail: ApprovalDetail }) {
  const { choices = [], free = true } = detail.question ?? {};
  const own = '\u0000own';
  const [chosen, setChosen] = useState(choices[0] ?? own);
  const [words, setWords] = useState('');
  const answer = useAnswering(detail);
  const text = chosen === own ? words.trim() : chosen;
  const options = [
    ...choices.map((choice) => ({ value: choice, label: choice })),
    ...(free && choices.length > 0 ? [{ value: own, label: 'Something else' }] : []),
  ];
  return (
    <>
      {options.length > 0 && (
        <Choice label="Your answer" value={chosen} options={options} onChange={setChosen} />
      )}
      {chosen === own && (
        <Field label="In your words">
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          )}
        </Field>
      )}
      <ProblemNote problem={answer.problem} />
      <div>
        <Button
          look="lead"
          disabled={text === ''}
          busy={answer.busy}
          onClick={() => void answer.run({ kind: 'reply', text })}
        >
          Answer
        </Button>
      </div>
    </>
  );
}
