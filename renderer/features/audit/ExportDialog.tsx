import { useEffect, useMemo, useState } from 'react';
import type { EventFilter, Withhold } from '../../../shared/contract/record.ts';
import { type Id, idSchema } from '../../../shared/ids.ts';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { plural } from '../../ui/words.ts';
import { saveFile } from '../../ui/save-file.ts';
import { fetchBundle, makeBundle, rangeOf, type Step } from './bundle.ts';
import { BundleSaved } from './BundleSaved.tsx';
import styles from './ExportDialog.module.css';
import { ExportPreviewTable } from './ExportPreviewTable.tsx';
import { ExportRange, type Range } from './ExportRange.tsx';
import { nothingWithheld, withholdOf, type Withheld } from './withheld.ts';

type What = 'all' | 'found' | 'range';

export interface ExportDialogProps {
  open: boolean;
  filter: EventFilter;
  onClose: () => void;
}

/** What should leave, what exactly that would be, and then the bundle as a file. Each opening begins anew. */
export function ExportDialog({ open, ...rest }: ExportDialogProps) {
  return open && <OpenExport {...rest} />;
}

function OpenExport({ filter, onClose }: Omit<ExportDialogProps, 'open'>) {
  const { client } = useHouse();
  const [size] = useState(useStatus()?.record.size ?? 0);
  const filtered = Object.keys(filter).length > 0;
  const whole = useMemo(() => (size > 0 ? { from: 0, to: size - 1 } : null), [size]);
  const [what, setWhat] = useState<What>(filtered ? 'found' : 'all');
  const [typed, setTyped] = useState<Range | null>(whole);
  const [withheld, setWithheld] = useState<Withheld>(nothingWithheld);
  const [step, setStep] = useState<Step | null>(null);

  const { run: find, ...found } = useTask((signal) => rangeOf(client, filter, signal));
  useEffect(() => {
    if (filtered) void find();
  }, [filtered, find]);
  const range = what === 'all' ? whole : what === 'found' ? found.result : typed;
  const onlyRun = what === 'found' && isRunId(filter.run) ? filter.run : null;

  const { run: look, ...preview } = useTask((signal, asked: Range & { onlyRun: Withhold['onlyRun'] }) =>
    client.record.exportPreview(asked, { signal }),
  );
  useEffect(() => {
    if (range) void look({ ...range, onlyRun });
  }, [range, onlyRun, look]);

  const make = useTask(async (signal, asked: Range) => {
    const request = { ...asked, withhold: withholdOf(withheld, onlyRun) };
    const bundle = await makeBundle(client, request, setStep, signal);
    saveFile(await fetchBundle(client, bundle, setStep, signal), bundle.name);
    return bundle;
  });

  const events = preview.result && plural(preview.result.events, 'event');
  return (
    <Dialog
      title="Export a bundle"
      words="One file with the events, their proofs, the signed checkpoint and a small program that checks all of it without Holdfast."
      open
      onClose={onClose}
      wide
      lead={
        make.result
          ? { label: 'Make another', run: make.reset }
          : {
              label: events ? `Export ${events}` : 'Export',
              disabled: !range || !preview.result,
              busy: make.busy,
              run: () => range && void make.run(range),
            }
      }
    >
      {make.result ? (
        <BundleSaved bundle={make.result} />
      ) : (
        <>
          <Choice label="What to export" value={what} options={optionsFor(filter)} onChange={setWhat} />
          {what === 'range' && <ExportRange size={size} range={typed} onRange={setTyped} />}
          {what === 'found' && !found.result && !found.busy && !found.problem && (
            <p className={styles.words}>Nothing was found, so there is nothing to export.</p>
          )}
          <ProblemNote problem={found.problem ?? preview.problem ?? make.problem} />
          {make.busy ? (
            <Progress label={step?.phase ?? 'Starting'} done={step?.done ?? 0} total={step?.total ?? 0} />
          ) : (
            range &&
            preview.result && (
              <ExportPreviewTable preview={preview.result} withheld={withheld} onWithheld={setWithheld} />
            )
          )}
          {preview.busy && !preview.result && <p className={styles.words}>Looking at what would leave…</p>}
        </>
      )}
    </Dialog>
  );
}

const isRunId = (text: string | undefined): text is Id<'run'> => idSchema('run').safeParse(text).success;

function optionsFor(filter: EventFilter): { value: What; label: string }[] {
  const found = isRunId(filter.run)
    ? 'The run that was found; of events in between their proof alone'
    : 'From the first to the last that was found';
  const filtered = Object.keys(filter).length > 0;
  return [
    { value: 'all', label: 'The whole record' },
    ...(filtered ? [{ value: 'found' as const, label: found }] : []),
    { value: 'range', label: 'Some events' },
  ];
}
