import type { Connection } from '../../store/database.ts';

export interface Compared {
  rows: number;
  differences: number;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

interface Column {
  name: string;
  pk: number;
}

/** How many rows of a table, told apart by their key, differ from the rows derived again. */
export function rowDifferences(database: Connection, table: string, prefix: string): Compared {
  const stored = `main.${quoted(table)}`;
  const derived = `temp.${quoted(prefix + table)}`;
  const columns = (schema: string, name: string) =>
    database
      .prepare(`SELECT name, pk FROM pragma_table_info(?, ?) ORDER BY cid`)
      .all(name, schema) as Column[];
  const count = (sql: string) => database.prepare(sql).pluck().get() as number;
  const rows = count(`SELECT count(*) FROM ${derived}`);
  const wanted = columns('temp', prefix + table);
  if (JSON.stringify(columns('main', table)) !== JSON.stringify(wanted)) {
    return { rows, differences: Math.max(rows, 1) };
  }
  const keys = wanted.filter(({ pk }) => pk > 0).map(({ name }) => quoted(name));
  const key = keys.length > 0 ? keys.join(', ') : '*';
  const differences = count(`
    SELECT count(*) FROM (
      SELECT ${key} FROM (SELECT * FROM ${stored} EXCEPT SELECT * FROM ${derived})
      UNION
      SELECT ${key} FROM (SELECT * FROM ${derived} EXCEPT SELECT * FROM ${stored}))`);
  return { rows, differences };
}

type Instance = [term: string, event: number, column: string];

/** How many events before that one have other words in the index than they should: both are read side by side, in their order. */
export function wordDifferences(
  database: Connection,
  table: string,
  { prefix, before }: { prefix: string; before: number },
): Compared {
  const rows = database
    .prepare('SELECT count(*) FROM main.events WHERE seq < ?')
    .pluck()
    .get(before) as number;
  const words = (schema: string, name: string) => {
    const view = quoted(`${prefix}${schema}_vocabulary`);
    database.exec(`CREATE VIRTUAL TABLE temp.${view} USING fts5vocab('${schema}', '${name}', 'instance')`);
    return database.prepare(`SELECT term, doc, col FROM temp.${view} WHERE doc < ${before}`).raw(true);
  };
  const [stored, derived] = [words('main', table), words('temp', prefix + table)];
  const differing = differingEvents(
    stored.iterate() as IterableIterator<Instance>,
    derived.iterate() as IterableIterator<Instance>,
  );
  return { rows, differences: differing.size };
}

function nextOf(instances: IterableIterator<Instance>): Instance | undefined {
  const next = instances.next();
  return next.done ? undefined : next.value;
}

function differingEvents(
  stored: IterableIterator<Instance>,
  derived: IterableIterator<Instance>,
): Set<number> {
  const differing = new Set<number>();
  try {
    let one = nextOf(stored);
    let other = nextOf(derived);
    while (one ?? other) {
      const order = one && other ? compare(one, other) : one ? -1 : 1;
      if (order !== 0) differing.add((order < 0 ? one : other)![1]);
      if (order <= 0) one = nextOf(stored);
      if (order >= 0) other = nextOf(derived);
    }
  } finally {
    // The connection stays busy for as long as one of them is open.
    stored.return?.();
    derived.return?.();
  }
  return differing;
}

/** The order of the index: by the bytes of the word, then by event, then by column. */
function compare(a: Instance, b: Instance): number {
  if (a[0] !== b[0]) return Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]));
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] === b[2] ? 0 : columnPlace(a[2]) - columnPlace(b[2]);
}

const columnPlace = (column: string) => (column === 'text' ? 0 : 1);
