import type { z } from 'zod';
import type { catalogue, EventKind } from '../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';

export type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** One change of one derived row. */
export type RowChange =
  | { op: 'put'; table: string; row: Row }
  | { op: 'patch'; table: string; key: Row; set: Row }
  | { op: 'drop'; table: string; key: Row };

/**
 * Derived rows: a pure function from an event to changes of rows. The writer applies them in the
 * transaction of the append, and a rebuild applies them to empty tables and must find the same.
 *
 * It is given only events whose data fit the catalogue, so it checks nothing, and its file imports no schema: the
 * writing thread does without the catalogue.
 */
export interface Projection {
  readonly name: string;
  /** The only kinds its rows come from. */
  readonly kinds: readonly EventKind[];
  /** Table names with the SQL between the parentheses of CREATE TABLE; each declares a primary key. */
  readonly tables: Readonly<Record<string, string>>;
  readonly rows: (event: RecordedEvent) => readonly RowChange[];
  /** SQL over its tables with one column, sessions: what their events carry is needed still, and never pruned. */
  readonly needing?: string;
  /** The same with runs. */
  readonly needingRuns?: string;
}

/** What an event of this kind carries. */
export type DataOf<K extends EventKind> = z.output<(typeof catalogue)[K]['data']>;
