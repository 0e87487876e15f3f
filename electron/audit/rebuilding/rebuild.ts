import { kindDefinition } from '../../../shared/events/catalogue.ts';
import type { Header, RecordedEvent } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import { type Connection, openForReading } from '../../store/database.ts';
import { DerivedRows } from '../appending/derived-rows.ts';
import { eventFromRow } from '../looking/event-rows.ts';
import { wordsOf } from '../appending/prepare.ts';
import type { Projection } from '../projection.ts';
import { rowDifferences, wordDifferences } from './compare.ts';
import type { Progress } from '../record.ts';
import { kindWord } from '../looking/words.ts';

export interface RebuiltTable {
  name: string;
  rows: number;
  differences: number;
}

export interface Rebuilt {
  tables: RebuiltTable[];
  differences: number;
}

/** The word index is derived too: from what each event says, in the words of this version. */
export const wordTable = 'event_words';
const prefix = 'rebuilt_';
const pageEvents = 512;

interface Row {
  seq: number;
  kind: string;
  header: string;
  data: string | null;
}

function* pages(database: Connection, first = 0): Generator<Row[]> {
  const page = database.prepare(
    'SELECT seq, kind, header, data FROM events WHERE seq >= ? ORDER BY seq LIMIT ?',
  );
  for (let from = first; ;) {
    const rows = page.all(from, pageEvents) as Row[];
    if (rows.length === 0) return;
    yield rows;
    from = rows.at(-1)!.seq + 1;
  }
}

interface Derived {
  /** What full-text search finds it by; an erased one only by its kind. */
  readonly words: string;
  /** For the projections; null where it was erased, or another version wrote what the catalogue does not know. */
  readonly event: RecordedEvent | null;
}

function derivedFrom(row: Row): Derived {
  if (row.data === null) return { words: '', event: null };
  const value: unknown = JSON.parse(row.data);
  const known = kindDefinition(row.kind)?.data.safeParse(value).success === true;
  return {
    words: wordsOf(known ? row.kind : '', value, JSON.parse(row.header) as Header),
    event: known ? eventFromRow(row) : null,
  };
}

/**
 * Derives every row and the word index again, on a snapshot and into temporary tables, and compares.
 * The writer goes on meanwhile, its word index a moment behind; nothing stored is changed.
 */
export function rebuildCheck(
  path: string,
  projections: readonly Projection[],
  { indexed }: { indexed: number },
  tell: (progress: Progress) => void,
): Rebuilt {
  const database = openForReading(path);
  try {
    // Nothing but temporary tables can be written: the file itself is open for reading only.
    database.pragma('query_only = OFF');
    database.pragma('temp_store = FILE');
    database.exec('BEGIN');
    const total = database.prepare('SELECT coalesce(max(seq) + 1, 0) FROM events').pluck().get() as number;
    const deriving = { database, projections, indexed };
    deriveAgain(deriving, (done) => tell({ phase: 'deriving', done, total }));
    tell({ phase: 'comparing', done: total, total });
    const names = projections.flatMap(({ tables }) => Object.keys(tables));
    const tables = [
      ...names.map((name) => ({ name, ...rowDifferences(database, name, prefix) })),
      { name: wordTable, ...wordDifferences(database, wordTable, { prefix, before: indexed }) },
    ];
    return { tables, differences: tables.reduce((sum, table) => sum + table.differences, 0) };
  } finally {
    database.close();
  }
}

function deriveAgain(
  {
    database,
    projections,
    indexed,
  }: { database: Connection; projections: readonly Projection[]; indexed: number },
  tell: (done: number) => void,
): void {
  const rows = new DerivedRows(database, projections, prefix);
  rows.createTables(true);
  const words = database.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(wordTable);
  if (typeof words !== 'string') throw new Problem('record_damaged', 'The record has no word index.');
  database.exec(words.replace(wordTable, `temp.${prefix}${wordTable}`));
  const putWords = database.prepare(
    `INSERT INTO temp.${prefix}${wordTable} (rowid, text, kind) VALUES (?, ?, ?)`,
  );
  for (const page of pages(database)) {
    for (const row of page) {
      const { words: text, event } = derivedFrom(row);
      if (row.seq < indexed) putWords.run(row.seq, text, kindWord(row.kind));
      if (event && rows.feedOn(row.kind)) rows.apply(event);
    }
    tell(page.at(-1)!.seq + 1);
  }
}

/** Mends: empties the named tables and derives them again. The writer calls it, in one transaction. */
export function rebuildTables(
  database: Connection,
  projections: readonly Projection[],
  names: readonly string[],
): void {
  const concerned = projections.filter(({ tables }) =>
    Object.keys(tables).some((name) => names.includes(name)),
  );
  const withWords = names.includes(wordTable);
  const putWords = database.prepare(`INSERT INTO ${wordTable} (rowid, text, kind) VALUES (?, ?, ?)`);
  database
    .transaction(() => {
      for (const name of concerned.flatMap(({ tables }) => Object.keys(tables))) {
        database.exec(`DROP TABLE IF EXISTS "${name}"`);
      }
      if (withWords) database.exec(`INSERT INTO ${wordTable} (${wordTable}) VALUES ('delete-all')`);
      const rows = new DerivedRows(database, concerned);
      rows.createTables();
      for (const page of pages(database)) {
        for (const row of page) {
          const { words, event } = derivedFrom(row);
          if (withWords) putWords.run(row.seq, words, kindWord(row.kind));
          if (event && rows.feedOn(row.kind)) rows.apply(event);
        }
      }
    })
    .immediate();
}

/** Gives the word index every event from this one on. */
export function indexFrom(database: Connection, first: number): void {
  const putWords = database.prepare(`INSERT INTO ${wordTable} (rowid, text, kind) VALUES (?, ?, ?)`);
  database
    .transaction(() => {
      for (const page of pages(database, first)) {
        for (const row of page) putWords.run(row.seq, derivedFrom(row).words, kindWord(row.kind));
      }
    })
    .immediate();
}
