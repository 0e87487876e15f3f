import { useEffect, useState } from 'react';
import type { EventFilter } from '../../../shared/contract/record.ts';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { bytesOf, plural } from '../../ui/words.ts';
import { save } from './blob-reading.ts';
import { fetchBundle, makeBundle, rangeOf, type Step } from './bundle.ts';
import styles from './ExportDialog.module.css';
import { ExportPreviewTable } from './ExportPreviewTable.tsx';
import { ExportRange, type Range } from './ExportRange.tsx';
import { nothingWithheld, withholdOf, type Withheld } from './withheld.ts';

type What = 'all' | 'found' | 'range';

/** What should leave, what exactly that would be, and then the bundle as a file. */
export function ExportDialog({
  open,
  filter,
  onClose,
}: {
  open: boolean;
  filter: EventFilter;
  onClose: () => void;
}) {
  const { client } = useHouse();
  const size = useStatus()?.record.size ?? 0;
  const filtered = Object.keys(filter).length > 0;
  const [what, setWhat] = useState<What>('all');
  const [range, setRange] = useState<Range | null>(null);
  const [withheld, setWithheld] = useState<Withheld>(nothingWithheld);
  const [step, setStep] = useState<Step | null>(null);

  const preview = useTask((signal, asked: Range) => client.record.exportPreview(asked, { signal }));
  const find = useTask((signal) => rangeOf(client, filter, signal));
  const make = useTask(async (signal, asked: Range) => {
    const bundle = await makeBundle(client, { ...asked, withhold: withholdOf(withheld) }, setStep, signal);
    save(await fetchBundle(client, bundle, setStep, signal), bundle.name);
    return bundle;
  });

  const choose = (next: What) => {
    setWhat(next);
    make.reset();
    if (next === 'all') setRange(size > 0 ? { from: 0, to: size - 1 } : null);
    else if (next === 'found') void find.run().then(setRange);
  };
  useEffect(() => {
    if (open) choose(filtered ? 'found' : 'all');
    else for (const task of [preview, find, make]) task.reset();
    setWithheld(nothingWithheld);
  }, [open]);
  useEffect(() => {
    if (open && range) void preview.run(range);
  }, [open, range]);

  const options = [
    { value: 'all' as const, label: 'The whole record' },
    ...(filtered ? [{ value: 'found' as const, label: 'From the first to the last that was found' }] : []),
    { value: 'range' as const, label: 'Some events' },
  ];
  return (
    <Dialog
      title="Export a bundle"
      words="One file with the events, their proofs, the signed checkpoint and a small program that checks all of it without Holdfast."
      open={open}
      onClose={onClose}
      wide
      lead={
        make.result
          ? { label: 'Make another', run: make.reset }
          : {
              label: preview.result ? `Export ${plural(preview.result.events, 'event')}` : 'Export',
              disabled: !range || !preview.result,
              busy: make.busy,
              run: () => range && void make.run(range),
            }
      }
    >
      {make.result ? (
        <div role="status" className={styles.made}>
          <div className={styles.verdict}>
            <Dot tone="good" />
            <strong>{make.result.name} is saved.</strong>
          </div>
          <p>
            {plural(make.result.events, 'event')}, {bytesOf(make.result.bytes)}
            {make.result.withheld > 0 && `, ${plural(make.result.withheld, 'payload')} withheld`}. To check it
            anywhere: unpack it and run <code>node verify.mjs</code>; the page inside says how to do the same
            with sha256sum and openssl.
          </p>
          <p className={styles.hash}>
            SHA-256 <code>{make.result.sha256}</code>
          </p>
        </div>
      ) : (
        <>
          <Choice label="What to export" value={what} options={options} onChange={choose} />
          {what === 'range' && <ExportRange size={size} range={range} onRange={setRange} />}
          {what === 'found' && find.result === null && !find.busy && !find.problem && (
            <p className={styles.words}>Nothing was found, so there is nothing to export.</p>
          )}
          <ProblemNote problem={find.problem ?? preview.problem ?? make.problem} />
          {make.busy ? (
            <Progress label={step?.phase ?? 'Starting'} done={step?.done ?? 0} total={step?.total ?? 0} />
          ) : (
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
