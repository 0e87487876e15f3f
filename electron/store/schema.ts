import Database from 'better-sqlite3';
import { Problem } from '../../shared/problem.ts';
import type { Connection } from './database.ts';
import { migrate } from './migrations.ts';

interface SchemaObject {
  type: string;
  name: string;
  table: string;
  sql: string | null;
}

const objectsOf = (database: Connection): SchemaObject[] =>
  database
    .prepare('SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema ORDER BY name')
    .all() as SchemaObject[];

let made: ReadonlyMap<string, SchemaObject> | undefined;

/** What the migrations make. */
function ours(): ReadonlyMap<string, SchemaObject> {
  if (made) return made;
  const database = new Database(':memory:');
  try {
    migrate(database);
    made = new Map(objectsOf(database).map((object) => [object.name, object]));
    return made;
  } finally {
    database.close();
  }
}

/**
 * How a record's database is made otherwise than by us, in words: a trigger in it would run in our writer, and an
 * index could answer instead of its table. Tables beside ours, such as those of projections, are free.
 */
export function schemaDifferences(database: Connection): string[] {
  const known = ours();
  const found = objectsOf(database);
  const here = new Set(found.map(({ name }) => name));
  const missing = [...known.values()].filter(({ name }) => !here.has(name));
  const foreign = found.filter(({ type, name, table, sql }) => {
    const expected = known.get(name);
    if (expected) return expected.type !== type || expected.table !== table || expected.sql !== sql;
    return type === 'trigger' || type === 'view' || (type === 'index' && known.has(table));
  });
  return [
    ...missing.map(({ type, name }) => `The ${type} ${name} is missing.`),
    ...foreign.map(({ type, name }) => `The ${type} ${name} is not one that Holdfast makes.`),
  ];
}

/** Nothing is written to a database in which something of somebody else's would run or answer. */
export function refuseForeignSchema(database: Connection): void {
  const [first] = schemaDifferences(database);
  if (first === undefined) return;
  throw new Problem(
    'record_damaged',
    `The record’s database was changed by another program. ${first}`,
    'Restore the newest backup with `holdfast restore FILE`.',
  );
}
