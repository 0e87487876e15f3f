import type { Id } from '../../../shared/ids.ts';
import { isOver, type Job, type JobState } from '../../../shared/job.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Cell } from '../../audit/projection.ts';

type Row = Readonly<Record<string, Cell>>;
export type JobRecord = Pick<AuditRecord, 'append' | 'rows' | 'query' | 'blob'>;

export const jobById = 'SELECT * FROM jobs WHERE id = ?';
export const jobByCall = 'SELECT * FROM jobs WHERE call = ? LIMIT 1';
export const jobsOfSession = 'SELECT * FROM jobs WHERE session = ? ORDER BY seq DESC LIMIT 1000';
export const latestJobs = 'SELECT * FROM jobs ORDER BY seq DESC LIMIT 1000';

/** A job as the record tells it; one that was open in another life cannot run any more. */
export function jobOfRow(row: Row): Job {
  const state = String(row['state']) as JobState;
  const open = !isOver(state);
  const text = (cell: Cell | undefined) => (cell === null || cell === undefined ? null : String(cell));
  return {
    id: String(row['id']) as Id<'job'>,
    session: String(row['session']) as Id<'session'>,
    agent: String(row['agent']),
    state: open ? 'lost' : state,
    line: String(row['line']),
    labels: JSON.parse(String(row['labels'])) as Record<string, string>,
    code: row['code'] === null ? null : Number(row['code']),
    error: open ? 'Holdfast was stopped while it ran.' : text(row['error']),
    submitted: String(row['submitted']),
    started: text(row['started']),
    finished: text(row['finished']),
    stdout: '',
    stderr: '',
  };
}

/** What it said, where it is still kept. */
export async function withOutput(record: JobRecord, row: Row): Promise<Job> {
  const job = jobOfRow(row);
  const seq = row['output'];
  if (typeof seq !== 'number') return job;
  const { events } = await record.query({ filter: {}, after: seq - 1, limit: 1 });
  const blobs = events[0]?.seq === seq ? events[0].blobs : [];
  const read = async (name: string) => {
    const blob = blobs.find((each) => each.name === name);
    if (!blob) return '';
    if (blob.state !== 'present') return '(no longer kept)';
    const parts: Uint8Array[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const { content, next } = await record.blob(seq, blob.index, offset);
      parts.push(content);
      offset = next;
    }
    return Buffer.concat(parts).toString('utf8');
  };
  const [stdout, stderr] = await Promise.all([read('stdout.txt'), read('stderr.txt')]);
  return { ...job, stdout, stderr };
}
