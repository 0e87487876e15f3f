import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Connection } from '../../store/database.ts';
import type { Projection, Row, RowChange } from '../projection.ts';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const where = (key: Row) =>
  Object.keys(key)
    .map((column) => `${quoted(column)} IS ?`)
    .join(' AND ');

/**
 * Applies what projections say of events to their tables. The same code serves the append (on the
 * tables themselves) and a rebuild (on empty copies, by way of `prefix`).
 */
export class DerivedRows {
  readonly #database: Connection;
  readonly #projections: readonly Projection[];
  readonly #byKind = new Map<string, Projection[]>();
  readonly #prefix: string;

  constructor(database: Connection, projections: readonly Projection[], prefix = '') {
    this.#database = database;
    this.#projections = projections;
    this.#prefix = prefix;
    for (const projection of projections) {
      for (const kind of projection.kinds) {
        this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), projection]);
      }
    }
  }

  createTables(temporary = false): void {
    for (const { tables } of this.#projections) {
      for (const [table, columns] of Object.entries(tables)) {
        this.#database.exec(
          `CREATE ${temporary ? 'TEMP ' : ''}TABLE IF NOT EXISTS ${quoted(this.#prefix + table)} (${columns})`,
        );
      }
    }
  }

  /** True where rows are derived from this kind of event: its data is needed, and read only where it is. */
  feedOn(kind: string): boolean {
    return this.#byKind.has(kind);
  }

  apply(event: RecordedEvent): void {
    for (const projection of this.#byKind.get(event.kind) ?? []) {
      for (const change of projection.rows(event)) this.#change(change);
    }
  }

  #change(change: RowChange): void {
    const table = quoted(this.#prefix + change.table);
    if (change.op === 'put') {
      const columns = Object.keys(change.row);
      const places = columns.map(() => '?').join(', ');
      this.#database
        .prepare(`INSERT OR REPLACE INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${places})`)
        .run(...Object.values(change.row));
    } else if (change.op === 'patch') {
      const set = Object.keys(change.set)
        .map((column) => `${quoted(column)} = ?`)
        .join(', ');
      this.#database
        .prepare(`UPDATE ${table} SET ${set} WHERE ${where(change.key)}`)
        .run(...Object.values(change.set), ...Object.values(change.key));
    } else {
      this.#database
        .prepare(`DELETE FROM ${table} WHERE ${where(change.key)}`)
        .run(...Object.values(change.key));
    }
  }
}
