import { useEffect, useState } from 'react';
import type { Run, RunSubtask } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextArea } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { go } from '../../ui/place.ts';
import { plural } from '../../ui/words.ts';
import { partPlace } from './run-words.ts';

type Params = Parameters<ReturnType<typeof useHouse>['client']['runs']['fork']>[0]['params'];

/** A new run from a part on, with all kept that does not follow from it; its parameters may be others. */
export function ForkDialog({
  run,
  parts,
  part,
  open,
  onClose,
}: {
  run: Run;
  parts: readonly RunSubtask[];
  part: string | null;
  open: boolean;
  onClose: () => void;
}) {
  const { client } = useHouse();
  const [chosen, setChosen] = useState<string | null>(null);
  const from = chosen ?? part ?? parts.find(({ state }) => state === 'failed')?.name ?? parts[0]?.name ?? '';
  const [text, setText] = useState('');
  const asked = useTask(async (signal) => {
    const { plan } = await client.runs.plan({ run: run.id }, { signal });
    const params = plan?.subtasks.find(({ id }) => id === from)?.params ?? {};
    setText(JSON.stringify(params, null, 2));
  });
  const { run: ask } = asked;
  useEffect(() => {
    if (open && from) void ask();
  }, [open, from, ask]);
  const read = readParams(text);
  const fork = useTask(async (_signal) => {
    const params = read.params ? ({ [from]: read.params } as Params) : {};
    const next = await client.runs.fork({ run: run.id, from: [from], params });
    onClose();
    go(partPlace(next.id));
  });
  const again = following(parts, from);
  return (
    <Dialog
      title="Fork from here"
      words={`A new run does ${plural(again, 'part')} again and keeps ${plural(parts.length - again, 'result')}. This one stays as it is.`}
      open={open}
      onClose={onClose}
      wide
      lead={{
        label: 'Start',
        disabled: from === '' || read.wrong !== undefined,
        busy: fork.busy,
        run: () => void fork.run(),
      }}
    >
      <Field label="From">
        {(control) => (
          <Select
            {...control}
            value={from}
            options={parts.slice(0, 1000).map(({ name, title }) => ({ value: name, label: title }))}
            onChange={setChosen}
          />
        )}
      </Field>
      <Field
        label="Its parameters"
        hint="As they were planned; change what should be otherwise."
        wrong={read.wrong}
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={8}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <ProblemNote problem={asked.problem ?? fork.problem} />
    </Dialog>
  );
}

/** How many parts are done again: it, and all that follows from it. */
export function following(parts: readonly RunSubtask[], from: string): number {
  const again = new Set([from]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { name, dependsOn } of parts) {
      if (again.has(name) || !dependsOn.some((parent) => again.has(parent))) continue;
      again.add(name);
      grown = true;
    }
  }
  return again.size;
}

function readParams(text: string): { params: Record<string, unknown> | null; wrong?: string } {
  if (text.trim() === '') return { params: null };
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read))
      return { params: read as Record<string, unknown> };
    return { params: null, wrong: 'It begins with { and ends with }: each parameter by its name.' };
  } catch (thrown) {
    return { params: null, wrong: thrown instanceof Error ? thrown.message : 'It is not JSON.' };
  }
}
