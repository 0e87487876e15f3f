import { useCallback, useEffect, useState } from 'react';
import type { Finding, Verification } from '../../../shared/contract/record.ts';
import { Problem } from '../../../shared/problem.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { Progress } from '../../ui/Progress.tsx';
import { countOf, plural } from '../../ui/words.ts';
import styles from './VerifyDialog.module.css';

interface Step {
  phase: string;
  done: number;
  total: number;
}

/** Walks the whole record while the dialog is open, and says in words what was found. */
export function VerifyDialog({
  open,
  onClose,
  onVerified,
}: {
  open: boolean;
  onClose: () => void;
  onVerified: (result: Verification) => void;
}) {
  const { client } = useHouse();
  const [step, setStep] = useState<Step | null>(null);
  const verify = useTask(async (signal) => {
    setStep(null);
    for await (const told of await client.record.verify({}, { signal })) {
      if (told.progress) setStep(told.progress);
      if (told.result) return told.result;
    }
    throw new Problem('unavailable', 'The verification ended without a result.', 'Start it again.');
  });
  const { run, reset } = verify;
  const start = useCallback(() => {
    void run().then((result) => result && onVerified(result));
  }, [run, onVerified]);
  useEffect(() => {
    if (open) start();
    else reset();
  }, [open, start, reset]);

  return (
    <Dialog
      title="Verify the record"
      words="Every event is read again, its columns are compared with what was signed, and the tree is compared with every checkpoint."
      open={open}
      onClose={onClose}
      lead={!verify.busy && { label: 'Verify again', run: start }}
    >
      {verify.busy && (
        <Progress label={step?.phase ?? 'Starting'} done={step?.done ?? 0} total={step?.total ?? 0} />
      )}
      <ProblemNote problem={verify.problem} />
      {verify.result && <Result result={verify.result} onClose={onClose} />}
    </Dialog>
  );
}

function Result({ result, onClose }: { result: Verification; onClose: () => void }) {
  return (
    <div role="status" className={styles.result}>
      <div className={styles.verdict}>
        <Dot tone={result.ok ? 'good' : 'refused'} />
        <strong>
          {result.ok
            ? `The record is whole: ${plural(result.size, 'event')}, ${plural(result.checkpoints, 'checkpoint')}.`
            : `The record is damaged in ${plural(result.findings.length, 'place')}.`}
        </strong>
      </div>
      <ul className={styles.facts}>
        {factsOf(result).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {result.findings.length > 0 && (
        <ul className={styles.findings} aria-label="What was found">
          {result.findings.map((finding) => (
            <li key={`${finding.what}-${finding.from}-${finding.message}`} className={styles.finding}>
              <a href={hashOf('audit', { event: String(finding.from) })} onClick={onClose}>
                {placeOf(finding)}
              </a>
              <span>{finding.message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function placeOf({ from, to }: Finding): string {
  return from === to ? `Event ${countOf(from)}` : `Events ${countOf(from)}–${countOf(to)}`;
}

function factsOf(result: Verification): string[] {
  const { blobs, pruned, erased, unsigned, comparedWith, milliseconds } = result;
  return [
    ...(blobs + pruned + erased === 0
      ? []
      : [
          `${plural(blobs, 'attachment')} read again${pruned ? `, ${countOf(pruned)} pruned` : ''}${erased ? `, ${countOf(erased)} erased` : ''}.`,
        ]),
    unsigned === 0
      ? 'Every event is under a signature.'
      : `${plural(unsigned, 'event')} wait for the next checkpoint.`,
    comparedWith.length === 0
      ? 'There was no checkpoint outside the database to compare with.'
      : `Compared with what is kept outside the database: ${comparedWith.join(', ')}.`,
    `Took ${(milliseconds / 1000).toFixed(1)} s.`,
  ];
}
