import { useState } from 'react';
import { boundsOf, type Run, type RunBounds } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { go } from '../../ui/place.ts';
import { say } from '../../ui/Toast.tsx';
import { boundLabels, boundText, canRaise, readBound } from './bounds.ts';
import { partPlace } from './run-words.ts';

/** What the run may have in all; of one that is over, what it is tried again with. */
export function RaiseDialog({ run, open, onClose }: { run: Run; open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const [texts, setTexts] = useState<Partial<Record<keyof RunBounds, string>>>({});
  const before = boundsOf(run.ceiling);
  const bounds = (Object.keys(before) as (keyof RunBounds)[]).filter((bound) => before[bound] !== null);
  const wanted: Partial<Record<keyof RunBounds, number>> = {};
  let isWrong = false;
  for (const bound of bounds) {
    const text = texts[bound];
    if (text === undefined || text === '') continue;
    const value = readBound(bound, text);
    if (value === null || value < (before[bound] ?? 0)) isWrong = true;
    else wanted[bound] = value;
  }
  const isOver = run.state === 'finished';
  const raise = useTask(async (_signal) => {
    await client.runs.raise({ run: run.id, ...wanted });
    setTexts({});
    onClose();
    if (!isOver) return say('It has its new budget.');
    const next = await client.runs.retry({ run: run.id });
    say('A new run goes on with what succeeded.');
    go(partPlace(next.id));
  });
  return (
    <Dialog
      title="Raise its budget"
      words={
        isOver
          ? 'What did not succeed is tried again in a new run, which may have so much in all.'
          : 'That holds at once for what is at work, and parts that a budget had refused begin again.'
      }
      open={open && canRaise(run)}
      onClose={onClose}
      lead={{
        label: isOver ? 'Raise and retry' : 'Raise it',
        disabled: isWrong || Object.keys(wanted).length === 0,
        busy: raise.busy,
        run: () => void raise.run(),
      }}
    >
      {bounds.map((bound) => (
        <Field key={bound} label={boundLabels[bound]}>
          {(control) => (
            <TextInput
              {...control}
              placeholder={boundText(bound, before[bound] ?? 0)}
              value={texts[bound] ?? ''}
              onChange={(event) => setTexts({ ...texts, [bound]: event.target.value.trim() })}
            />
          )}
        </Field>
      ))}
      <ProblemNote problem={raise.problem} />
    </Dialog>
  );
}
