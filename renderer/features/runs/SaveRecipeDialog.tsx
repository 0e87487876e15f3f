import { useEffect, useState } from 'react';
import type { Run } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextArea, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';

const nameOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40) || 'recipe';

/** A finished run as a recipe: its text is shown, changed where the person wants, and written as a file of theirs. */
export function SaveRecipeDialog({ run, open, onClose }: { run: Run; open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const [title, setTitle] = useState(run.title.slice(0, 100));
  const [name, setName] = useState(nameOf(run.title));
  const [text, setText] = useState<string | null>(null);
  const make = useTask(async (signal) => {
    const made = await client.runs.asRecipe({ run: run.id, name, title }, { signal });
    setText(made.text);
  });
  const { reset } = make;
  const save = useTask(async (_signal, written: string) => {
    const saved = await client.recipes.save({ name, text: written });
    say(`Saved as the recipe ${saved.name}.`);
    onClose();
  });
  useEffect(() => {
    if (open) return;
    setText(null);
    reset();
  }, [open, reset]);
  const wrong = /^[a-z][a-z0-9_-]{0,63}$/.test(name)
    ? undefined
    : 'Small letters, digits, dash and underscore, beginning with a letter.';
  const ready = wrong === undefined && title.trim() !== '';
  return (
    <Dialog
      title="Save as recipe"
      words="The plan of this run with its values, to be started again without being planned."
      open={open}
      onClose={onClose}
      wide
      lead={
        text === null
          ? { label: 'Show it', disabled: !ready, busy: make.busy, run: () => void make.run() }
          : { label: 'Save', busy: save.busy, run: () => void save.run(text) }
      }
    >
      {text === null ? (
        <>
          <Field label="Title">
            {(control) => (
              <TextInput {...control} value={title} onChange={(event) => setTitle(event.target.value)} />
            )}
          </Field>
          <Field label="Name" hint="Of its file, and what the command line calls it." wrong={wrong}>
            {(control) => (
              <TextInput {...control} mono value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
        </>
      ) : (
        <Field label="Its file" hint="Make parameters of values that differ each time.">
          {(control) => (
            <TextArea
              {...control}
              mono
              rows={14}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
      <ProblemNote problem={make.problem ?? save.problem} />
    </Dialog>
  );
}
