import type { Checkpoint } from '../../../shared/contract/record.ts';
import type { Connection } from '../../store/database.ts';

/** A checkpoint is signed at the latest after so many events, in the transaction of the last of them. */
export const eventsPerCheckpoint = 1000;

interface CheckpointRow {
  size: number;
  time: number;
  note: string;
}

/** The newest checkpoint. Its root is read from the note, which is what was signed. */
export function lastCheckpoint(database: Connection): Checkpoint | null {
  const row = database.prepare('SELECT size, time, note FROM checkpoints ORDER BY size DESC LIMIT 1').get();
  return row ? checkpointFromRow(row as CheckpointRow) : null;
}

export function checkpointFromRow({ size, time, note }: CheckpointRow): Checkpoint {
  return { size, root: note.split('\n', 3)[2] ?? '', time: new Date(time).toISOString(), note };
}
