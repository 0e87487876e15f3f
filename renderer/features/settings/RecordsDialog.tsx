import { useEffect } from 'react';
import type { DiskRecord } from '../../../shared/session-record.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Row, Rows } from '../../ui/Card.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Dot, type DotTone } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { say } from '../../ui/Toast.tsx';
import { bytesOf, plural } from '../../ui/words.ts';

const states: Record<DiskRecord['state'], { words: string; tone: DotTone }> = {
  open: { words: 'its session is at work', tone: 'running' },
  sealed: { words: 'sealed', tone: 'good' },
  incomplete: { words: 'incomplete', tone: 'refused' },
};

const mostShown = 100;

/** The records of sessions on the disk, and which of them the limits would remove before any is. */
export function RecordsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const look = useTask(async (signal) => {
    const [found, would] = await Promise.all([
      client.records.list({}, { signal }),
      client.records.prune({ dryRun: true }, { signal }),
    ]);
    return { ...found, would };
  });
  const prune = useTask(async (_signal) => {
    const { records, bytes } = await client.records.prune({ dryRun: false });
    say(`Removed ${plural(records.length, 'record')}, ${bytesOf(bytes)}.`);
    onClose();
  });
  const { run } = look;
  useEffect(() => {
    if (open) void run();
  }, [open, run]);
  const { records = [], more = 0, root, would } = look.result ?? {};
  const going = new Set(would?.records.map(({ session }) => session));
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return (
    <Dialog
      title="Records of sessions"
      words="A folder for each session of a command agent, which stays readable without Holdfast. Removing them is an event."
      open={open}
      onClose={onClose}
      wide
      lead={
        going.size > 0 && {
          label: `Remove ${plural(going.size, 'record')}`,
          danger: true,
          busy: prune.busy,
          run: () => void prune.run(),
        }
      }
    >
      <ProblemNote problem={look.problem ?? prune.problem} />
      {look.busy && <p>Looking…</p>}
      {root !== undefined && <CopyText value={root} label="the folder of the records" />}
      {look.result && (
        <p role="status">
          {records.length === 0
            ? 'There is no record yet.'
            : `${plural(records.length + more, 'record')}, ${bytesOf(bytes)}${more > 0 ? ' in those that are listed' : ''}. `}
          {would && going.size > 0
            ? `By the two limits, ${plural(going.size, 'record')} with ${bytesOf(would.bytes)} would go.`
            : records.length > 0 && 'All are within the limits.'}
        </p>
      )}
      {records.length > 0 && (
        <Rows label="Records of sessions">
          {records.slice(0, mostShown).map((record) => (
            <Row
              key={record.session}
              mark={<Dot tone={states[record.state].tone} label={states[record.state].words} />}
              title={
                <a href={hashOf('sessions', { session: record.session })} onClick={onClose}>
                  {record.agent} on {record.repository}
                </a>
              }
              detail={
                <>
                  {[
                    states[record.state].words,
                    record.outcome?.replaceAll('_', ' '),
                    going.has(record.session) && 'would go',
                  ]
                    .filter(Boolean)
                    .join(' · ')}{' '}
                  · <Age time={record.started} />
                </>
              }
              right={bytesOf(record.bytes)}
            />
          ))}
        </Rows>
      )}
      {records.length + more > mostShown && (
        <p>
          and {plural(records.length + more - mostShown, 'older record')}: <code>holdfast records list</code>
        </p>
      )}
    </Dialog>
  );
}
