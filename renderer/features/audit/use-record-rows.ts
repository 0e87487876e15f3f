import { useCallback, useEffect, useRef, useState } from 'react';
import type { EventFilter } from '../../../shared/contract/record.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import { useConnection, useHouse } from '../../bridge/house.ts';
import { useRecordEpoch } from '../../bridge/use-record-epoch.ts';
import { EveryRow } from './every-row.ts';
import { type EventRow, rowOf } from './event-row.ts';
import { FoundRows } from './found-rows.ts';
import type { RowSource } from './row-source.ts';

/** More than this that arrived unseen is not kept: the list begins anew when somebody wants to see it. */
const mostWaiting = 2000;

export interface RecordRows {
  /** Null until the record answered for the first time. */
  readonly source: RowSource | null;
  readonly problem: Problem | null;
  /** Events that match and arrived while the tail stood still. */
  readonly waiting: number;
  /** Puts what waits on top. */
  readonly catchUp: () => void;
  readonly again: () => void;
}

/** The rows of a filter with their live tail. While `following` is false the list stands still. */
export function useRecordRows(filter: EventFilter, following: boolean): RecordRows {
  const house = useHouse();
  const record = useRecordEpoch();
  const [epoch, setEpoch] = useState(0);
  const [source, setSource] = useState<RowSource | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [waiting, setWaiting] = useState(0);
  const held = useRef<{ rows: EventRow[]; count: number }>({ rows: [], count: 0 });
  const follows = useRef(following);
  follows.current = following;
  const again = useCallback(() => setEpoch((count) => count + 1), []);

  useEffect(() => {
    const life = new AbortController();
    const tail = createTail((rows, count) => {
      if (follows.current && opened) opened.prepend(rows);
      else hold(held.current, rows, count);
      setWaiting(held.current.count);
    });
    let opened: RowSource | null = null;
    held.current = { rows: [], count: 0 };
    const start = async () => {
      await house.connection.connected(life.signal);
      const { size } = await house.client.record.state();
      if (life.signal.aborted) return;
      const ask = (before: number, limit: number, signal: AbortSignal) =>
        house.client.record.query({ filter, before, limit }, { signal });
      opened = Object.keys(filter).length === 0 ? new EveryRow(size, ask) : new FoundRows(size, ask);
      setSource(opened);
      setProblem(null);
      setWaiting(0);
      await house.followRecord(
        { from: size, filter, each: (events) => tail.push(events.map(rowOf)) },
        life.signal,
      );
    };
    start().catch((thrown: unknown) => {
      if (!life.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => {
      life.abort();
      tail.close();
      opened?.close();
    };
  }, [house, filter, epoch, record]);

  const catchUp = useCallback(() => {
    const { rows, count } = held.current;
    held.current = { rows: [], count: 0 };
    setWaiting(0);
    if (count > rows.length) again();
    else if (rows.length > 0) source?.prepend(rows);
  }, [source, again]);

  useGoingOn(source, problem, again);
  return { source, problem, waiting, catchUp, again };
}

/** When the line is back, what had failed is tried again. */
function useGoingOn(source: RowSource | null, problem: Problem | null, again: () => void): void {
  const { phase } = useConnection();
  const wanting = useRef(false);
  const before = useRef(phase);
  wanting.current = problem !== null;
  useEffect(() => {
    const back = phase === 'connected' && before.current !== 'connected';
    before.current = phase;
    if (!back) return;
    if (wanting.current) again();
    else source?.retry();
  }, [phase, source, again]);
}

function hold(held: { rows: EventRow[]; count: number }, rows: readonly EventRow[], count: number): void {
  held.count += count;
  if (held.rows.length + rows.length <= mostWaiting) held.rows.push(...rows);
}

/** Hands over what arrived at most once a frame, however fast it arrives. */
function createTail(flush: (rows: EventRow[], count: number) => void) {
  let pending: EventRow[] = [];
  let frame = 0;
  const deliver = () => {
    frame = 0;
    const rows = pending;
    pending = [];
    flush(rows, rows.length);
  };
  return {
    push(rows: readonly EventRow[]) {
      pending.push(...rows);
      if (document.hidden || pending.length > mostWaiting) {
        cancelAnimationFrame(frame);
        deliver();
      } else if (frame === 0) {
        frame = requestAnimationFrame(deliver);
      }
    },
    close: () => cancelAnimationFrame(frame),
  };
}
