import { useRef } from 'react';
import { useStatus } from './house.ts';

/**
 * A number that changes when the record became another one: a restored backup is another past, of which
 * nothing that was shown before may stay.
 */
export function useRecordEpoch(): number {
  const record = useStatus()?.record;
  const known = useRef({ log: record?.log, size: record?.size ?? 0, epoch: 0 });
  if (record) {
    const { log, size, epoch } = known.current;
    const other = log !== undefined && (record.log !== log || record.size < size);
    known.current = { log: record.log, size: record.size, epoch: other ? epoch + 1 : epoch };
  }
  return known.current.epoch;
}
