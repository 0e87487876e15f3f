import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import type { Header } from '../../shared/events/event.ts';
import { headerText } from './tree/canonical.ts';
import { saltedHash } from './tree/hashing.ts';
import { newSignerKey, signCheckpoint } from './tree/note.ts';
import { SampleLog } from './sample-log.ts';
import { verifySample } from './testing/verify-sample.ts';

const operator = { kind: 'operator' } as const;
const note = (text: string) => ({ kind: 'record.noted', actor: operator, data: { text } }) as const;
const file = (name: string, text: string) => ({ name, type: 'text/plain', content: Buffer.from(text) });

/** 1,201 events with checkpoints at 1000 and 1201; event 1150 carries two blobs. */
function sampleLog(): SampleLog {
  const log = new SampleLog();
  onTestFinished(() => log.close());
  log.fill(999);
  log.fill(150);
  log.append({ ...note('with two files'), blobs: [file('a.txt', 'alpha'), file('b.txt', 'beta')] });
  log.fill(50);
  log.checkpoint();
  return log;
}

/** Tampers as somebody would who has the file and an SQLite shell. */
function tamper(log: SampleLog, change: (database: Database.Database) => void): void {
  const database = new Database(log.path);
  try {
    change(database);
  } finally {
    database.close();
  }
}

const run =
  (sql: string, ...values: unknown[]) =>
  (database: Database.Database) =>
    void database.prepare(sql).run(...values);

async function findingsAfter(change: (database: Database.Database) => void) {
  const log = sampleLog();
  tamper(log, change);
  const { ok, findings } = await verifySample(log.path);
  expect(ok).toBe(findings.length === 0);
  return findings.map(({ what, from, to }) => ({ what, from, to }));
}

test('an untouched record verifies, on one thread as on two', async () => {
  const log = sampleLog();
  log.fill(count(20_000, 70_000));
  const kept = log.checkpoint();
  log.fill(3);
  const expected = {
    ok: true,
    size: log.size,
    blobs: 2,
    pruned: 0,
    erased: 0,
    unsigned: 3,
    findings: [],
    comparedWith: ['kept'],
  };
  for (const threads of [1, 2]) {
    const outside = [{ name: 'kept', note: kept }];
    expect(await verifySample(log.path, { threads, outside, trusted: [log.key.text] })).toMatchObject(
      expected,
    );
  }
});

test('changed data are found at their event', async () => {
  const change = run(`UPDATE events SET data = '{"text":"something else"}' WHERE seq = 1150`);
  expect(await findingsAfter(change)).toEqual([{ what: 'data_changed', from: 1150, to: 1150 }]);
});

test('every changed column is found and named', async () => {
  const log = sampleLog();
  const columns = [
    'id',
    'time',
    'kind',
    'actor_kind',
    'actor_id',
    'agent',
    'run',
    'session',
    'subtask',
    'parent',
  ];
  tamper(log, (database) => {
    for (const [i, column] of columns.entries()) {
      database
        .prepare(
          `UPDATE events SET ${column} = 'x' || ${column === 'subtask' || column === 'parent' ? 'seq' : column} WHERE seq = ?`,
        )
        .run(100 + i);
    }
  });
  const { findings } = await verifySample(log.path);
  expect(findings.map(({ what, from }) => ({ what, from }))).toEqual(
    columns.map((_, i) => ({ what: 'column_changed', from: 100 + i })),
  );
  for (const [i, column] of columns.entries()) expect(findings[i]!.message).toContain(`column “${column}”`);
});

test('columns that would only read like the header when put side by side are found', async () => {
  const log = sampleLog();
  const parent = log.append(note('first')).written[0]!.seq;
  tamper(log, (database) => {
    const id = database.prepare('SELECT id FROM events WHERE seq = ?').pluck().get(parent) as `evt_${string}`;
    log.append({ ...note('second'), parent: id });
    log.checkpoint();
    run(
      `UPDATE events SET kind = kind || '","parent":"' || parent, parent = NULL WHERE seq = ?`,
      parent + 1,
    )(database);
  });
  const { findings } = await verifySample(log.path);
  expect(findings.map(({ what, from }) => [what, from])).toEqual([
    ['column_changed', parent + 1],
    ['column_changed', parent + 1],
  ]);
});

test('a changed header is found at its event, with the interval whose checkpoint no longer fits', async () => {
  const change = run(`UPDATE events SET header = replace(header, 'worker', 'lurker') WHERE seq = 1100`);
  expect(await findingsAfter(change)).toEqual([
    { what: 'interval_changed', from: 1000, to: 1200 },
    { what: 'event_changed', from: 1100, to: 1100 },
    { what: 'event_changed', from: 1100, to: 1100 },
  ]);
});

test('a header that is none is found', async () => {
  const findings = await findingsAfter(run(`UPDATE events SET header = ' ' || header WHERE seq = 5`));
  expect(findings).toContainEqual({ what: 'event_changed', from: 5, to: 5 });
});

test('an event rewritten in all its parts is narrowed down to the interval between checkpoints', async () => {
  const log = sampleLog();
  tamper(log, (database) => {
    const row = database.prepare('SELECT header, salt FROM events WHERE seq = 1150').get() as {
      header: string;
      salt: string;
    };
    const data = '{"text":"nothing happened"}';
    const header = headerText({ ...(JSON.parse(row.header) as Header), data: saltedHash(row.salt, data) });
    run('UPDATE events SET data = ?, header = ? WHERE seq = 1150', data, header)(database);
  });
  const { findings } = await verifySample(log.path);
  expect(findings).toMatchObject([{ what: 'interval_changed', from: 1000, to: 1200 }]);
});

test('a removed event is named', async () => {
  expect(await findingsAfter(run('DELETE FROM events WHERE seq = 700'))).toEqual([
    { what: 'interval_changed', from: 0, to: 999 },
    { what: 'event_missing', from: 700, to: 700 },
  ]);
});

test('an event removed and closed up is seen where the places begin to differ', async () => {
  const findings = await findingsAfter((database) => {
    run('DELETE FROM events WHERE seq = 700')(database);
    run('UPDATE events SET seq = -seq WHERE seq > 700')(database);
    run('UPDATE events SET seq = -seq - 1 WHERE seq < 0')(database);
  });
  expect(findings).toContainEqual({ what: 'event_missing', from: 700, to: 1199 });
  expect(findings).toContainEqual({ what: 'tail_cut', from: 1200, to: 1200 });
});

test('an inserted event is seen where the places begin to differ', async () => {
  const findings = await findingsAfter((database) => {
    run('UPDATE events SET seq = -seq WHERE seq >= 1100')(database);
    run('UPDATE events SET seq = -seq + 1 WHERE seq < 0')(database);
    const copy = `INSERT INTO events SELECT 1100, 'evt_0123456789abcdefghjkmnpqrs', time, kind, actor_kind, actor_id, agent,
      run, session, subtask, parent, header, data, salt FROM events WHERE seq = 1099`;
    run(copy)(database);
  });
  expect(findings).toContainEqual({ what: 'event_inserted', from: 1100, to: 1201 });
  expect(findings).toContainEqual({ what: 'interval_changed', from: 1000, to: 1200 });
});

test('a row before the beginning or far behind the end is found', async () => {
  const copy = `INSERT INTO events SELECT ?, ?, time, kind, actor_kind, actor_id, agent,
    run, session, subtask, parent, header, data, salt FROM events WHERE seq = 1`;
  expect(await findingsAfter(run(copy, -4, 'a'))).toMatchObject([{ what: 'event_inserted' }]);
  const far = await findingsAfter(run(copy, 2 ** 50, 'b'));
  expect(far).toContainEqual(expect.objectContaining({ what: 'event_missing', from: 1201 }));
  expect(far).toContainEqual(expect.objectContaining({ what: 'event_inserted' }));
});

test('reordered events are found', async () => {
  const findings = await findingsAfter((database) => {
    for (const [from, to] of [
      [10, -1],
      [20, 10],
      [-1, 20],
    ])
      run('UPDATE events SET seq = ? WHERE seq = ?', to, from)(database);
  });
  expect(findings).toEqual([
    { what: 'interval_changed', from: 0, to: 999 },
    { what: 'event_changed', from: 10, to: 10 },
    { what: 'event_changed', from: 20, to: 20 },
  ]);
});

test('a tail cut behind a checkpoint that was kept elsewhere is found', async () => {
  const log = sampleLog();
  const outside = [{ name: 'the kept checkpoint', note: log.checkpoint() }];
  tamper(log, (database) => {
    run('DELETE FROM events WHERE seq >= 1100')(database);
    run('DELETE FROM event_blobs WHERE seq >= 1100')(database);
    run('DELETE FROM blobs')(database);
    run('DELETE FROM checkpoints WHERE size > 1000')(database);
  });
  expect(await verifySample(log.path)).toMatchObject({ ok: true, size: 1100, unsigned: 100 });
  expect(await verifySample(log.path, { outside })).toMatchObject({
    ok: false,
    findings: [
      { what: 'tail_cut', from: 1100, to: 1200, message: expect.stringContaining('the kept checkpoint') },
    ],
  });
});

test('a record written again with its own key does not fit a checkpoint that was kept elsewhere', async () => {
  const log = sampleLog();
  const outside = [{ name: 'mine', note: log.checkpoint() }];
  const other = new SampleLog([], log.name, log.key);
  onTestFinished(() => other.close());
  other.fill(1300);
  other.checkpoint();
  expect(await verifySample(other.path)).toMatchObject({ ok: true });
  expect(await verifySample(other.path, { outside })).toMatchObject({
    findings: [{ what: 'interval_changed', from: 0, to: 1200 }],
  });
});

test('blobs that were changed, removed, added or exchanged are found', async () => {
  const at = { from: 1150, to: 1150 };
  expect(await findingsAfter(run(`UPDATE blobs SET content = CAST('alphA' AS BLOB) WHERE size = 5`))).toEqual(
    [{ what: 'blob_changed', ...at }],
  );
  expect(await findingsAfter(run('UPDATE blobs SET size = 4 WHERE size = 5'))).toEqual([
    { what: 'blob_changed', ...at },
  ]);
  expect(await findingsAfter(run('DELETE FROM blobs WHERE size = 5'))).toEqual([
    { what: 'blob_missing', ...at },
  ]);
  expect(await findingsAfter(run('DELETE FROM event_blobs WHERE place = 1'))).toEqual([
    { what: 'blob_missing', ...at },
  ]);
  expect(await findingsAfter(run('UPDATE blobs SET content = NULL WHERE size = 5'))).toEqual([
    { what: 'blob_missing', ...at },
  ]);
  expect(await findingsAfter(run('UPDATE event_blobs SET hash = NULL, salt = NULL WHERE place = 0'))).toEqual(
    [{ what: 'blob_missing', ...at }],
  );
  expect(await findingsAfter(run('UPDATE event_blobs SET place = place + 7 WHERE place = 1'))).toEqual([
    { what: 'blob_changed', ...at },
    { what: 'blob_missing', ...at },
  ]);
  expect(await findingsAfter(run("INSERT INTO event_blobs VALUES (3, 0, 'x', 'y')"))).toEqual([
    { what: 'blob_changed', from: 3, to: 3 },
  ]);
});

test('pruned blobs are accepted as far as the record says that they were pruned', async () => {
  const log = sampleLog();
  log.pruneContent('alpha');
  expect(await verifySample(log.path)).toMatchObject({ ok: true, pruned: 1, blobs: 1 });
  tamper(log, run('UPDATE blobs SET content = NULL'));
  expect(await verifySample(log.path)).toMatchObject({ findings: [{ what: 'blob_missing', from: 1150 }] });
});

test('an erased payload is accepted where an event says so, and found where none does', async () => {
  const log = sampleLog();
  const database = new Database(log.path, { readonly: true });
  const event = database.prepare('SELECT id FROM events WHERE seq = 1150').pluck().get() as `evt_${string}`;
  database.close();
  const data = { event, seq: 1150, reason: 'not for the record' };
  log.appendWith({ erase: 1150 }, { kind: 'payload.erased', actor: operator, data });
  expect(await verifySample(log.path)).toMatchObject({ ok: true, erased: 1, blobs: 0 });
  tamper(log, run('UPDATE events SET data = NULL, salt = NULL WHERE seq = 12'));
  expect(await verifySample(log.path)).toMatchObject({
    findings: [{ what: 'data_changed', from: 12, to: 12 }],
  });
  tamper(log, run("UPDATE events SET salt = 'x' WHERE seq = 12"));
  expect(await verifySample(log.path)).toMatchObject({
    findings: [{ what: 'data_changed', from: 12, to: 12 }],
  });
});

test('a blob that was erased alone is accepted where an event names it, and found where none does', async () => {
  const log = sampleLog();
  const event = log.read('SELECT id FROM events WHERE seq = 1150') as `evt_${string}`;
  const places = log.read('SELECT count(*) FROM event_blobs WHERE seq = 1150') as number;
  expect(places).toBe(2);
  const data = { event, seq: 1150, reason: 'not for the record', blobs: [1] };
  const erase = { seq: 1150, blobs: [1] };
  log.appendWith({ erase }, { kind: 'payload.erased', actor: operator, data });
  expect(await verifySample(log.path)).toMatchObject({ ok: true, erased: 1, blobs: 1 });
  const gone = (place: number) =>
    run(`UPDATE event_blobs SET hash = NULL, salt = NULL WHERE seq = 1150 AND place = ${place}`);
  tamper(log, gone(0));
  expect(await verifySample(log.path)).toMatchObject({
    findings: [{ what: 'blob_missing', from: 1150, to: 1150, message: expect.stringContaining('Blob 0') }],
  });
  // What names blobs excuses no data, and an erasure of another event nothing here.
  tamper(log, run('UPDATE events SET data = NULL, salt = NULL WHERE seq = 1150'));
  expect(await verifySample(log.path)).toMatchObject({ findings: [{ what: 'data_changed', from: 1150 }] });
});

test('what says why something is gone, or whose key signs, cannot be erased itself', async () => {
  const log = sampleLog();
  const data = { event: 'evt_0123456789abcdefghjkmnpqrs', seq: 3, reason: 'a test' } as const;
  const [erasing] = log.appendWith({ erase: 3 }, { kind: 'payload.erased', actor: operator, data }).written;
  for (const seq of [0, erasing!.seq]) {
    const again = { kind: 'payload.erased', actor: operator, data: { ...data, seq } } as const;
    expect(() => log.appendWith({ erase: seq }, again)).toThrow('cannot be erased');
  }
});

test('a forged checkpoint is found, whether its root, its signature or its place is false', async () => {
  const log = sampleLog();
  const forger = newSignerKey(log.name);
  const root = 'ab'.repeat(32);
  const put = 'UPDATE checkpoints SET note = ? WHERE size = 1000';
  const forged = { findings: [{ what: 'checkpoint_forged', from: 0, to: 999 }] };
  tamper(log, run(put, signCheckpoint({ origin: log.name, size: 1000, root }, [forger])));
  expect(await verifySample(log.path)).toMatchObject(forged);
  tamper(log, run(put, log.checkpoint()));
  expect(await verifySample(log.path)).toMatchObject(forged);
  tamper(log, run(put, 'no note at all'));
  expect(await verifySample(log.path)).toMatchObject(forged);
  tamper(log, run(put, signCheckpoint({ origin: log.name, size: 1000, root }, [log.key])));
  expect(await verifySample(log.path)).toMatchObject(forged);
});

test('a stored subtree that was changed or removed is found', async () => {
  const found = [{ what: 'tree_changed', from: 256, to: 511 }];
  expect(await findingsAfter(run("UPDATE subtrees SET hash = 'x' WHERE place = 1"))).toEqual(found);
  expect(await findingsAfter(run('DELETE FROM subtrees WHERE place = 1'))).toEqual(found);
  expect(await findingsAfter(run("INSERT INTO subtrees VALUES (16, 0, 'x')"))).toMatchObject([
    { what: 'tree_changed' },
  ]);
});

test('a key counts once the one before it has signed the event that names it', async () => {
  const log = sampleLog();
  const [previous, next] = [log.key, newSignerKey(log.name)];
  const data = { previous: previous.text, next: next.text, reason: 'a test' };
  log.append({ kind: 'key.rotated', actor: operator, data });
  log.writer.keys([next.pem, previous.pem]);
  log.checkpoint();
  log.writer.keys([next.pem]);
  log.fill(10);
  log.checkpoint();
  expect(await verifySample(log.path)).toMatchObject({ ok: true });
  expect(await verifySample(log.path, { trusted: [next.text] })).toMatchObject({ ok: true });
  expect(await verifySample(log.path, { trusted: [previous.text] })).toMatchObject({
    findings: [{ what: 'key_unknown' }],
  });

  log.writer.keys([previous.pem]);
  log.fill(10);
  log.checkpoint();
  expect(await verifySample(log.path)).toMatchObject({
    findings: [{ what: 'checkpoint_forged', message: expect.stringContaining('no longer in use') }],
  });
});

test('a key that nobody introduced is found, unless it is known from elsewhere', async () => {
  const log = sampleLog();
  const next = newSignerKey(log.name);
  const data = { previous: log.key.text, next: next.text, reason: 'somebody else’s' };
  log.append({ kind: 'key.rotated', actor: operator, data });
  log.writer.keys([next.pem]);
  log.checkpoint();
  expect(await verifySample(log.path)).toMatchObject({ findings: [{ what: 'key_unknown', from: 1201 }] });
  expect(await verifySample(log.path, { trusted: [next.text] })).toMatchObject({ ok: true });
});

/** Every cell that the tree or a signature covers; the others only tell when something was last used or signed. */
const covered: [table: string, columns: string[]][] = [
  [
    'events',
    [
      'seq',
      'id',
      'time',
      'kind',
      'actor_kind',
      'actor_id',
      'agent',
      'run',
      'session',
      'subtask',
      'parent',
      'header',
      'data',
      'salt',
    ],
  ],
  ['blobs', ['hash', 'size', 'content']],
  ['event_blobs', ['seq', 'place', 'hash', 'salt']],
  ['subtrees', ['level', 'place', 'hash']],
  ['checkpoints', ['size', 'note']],
  ['meta', ['value']],
];
const cells = covered.flatMap(([table, columns]) => columns.map((column) => ({ table, column })));
const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

test('any change of any covered cell is found', async () => {
  const log = sampleLog();
  const kept = [{ name: 'kept', note: log.checkpoint() }];
  log.writer.close();
  const whole = readFileSync(log.path);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...cells), fc.nat(), values, async ({ table, column }, row, value) => {
      writeFileSync(log.path, whole);
      let changed = false;
      tamper(log, (database) => {
        const all = database
          .prepare(`SELECT typeof(${column}), quote(${column}) FROM ${table} ORDER BY 1, 2`)
          .raw(true);
        const before = JSON.stringify(all.all());
        const rows = database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
        const cell = `(SELECT ${column} FROM ${table} LIMIT 1 OFFSET ${row % rows})`;
        try {
          database
            .prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE ${column} IS ${cell}`)
            .run(value);
        } catch (thrown) {
          // The schema itself refuses the value.
          if (!(thrown instanceof Database.SqliteError)) throw thrown;
        }
        changed = JSON.stringify(all.all()) !== before;
      });
      const { ok } = await verifySample(log.path, { outside: kept });
      expect(ok).toBe(!changed);
    }),
    { numRuns: count(60, 3000) },
  );
});

test('data that are no JSON any more are a finding, also in an event that verification itself has to read', async () => {
  const change = run(`UPDATE events SET kind = 'payload.erased', data = '{' WHERE seq = 1100`);
  const findings = await findingsAfter(change);
  expect(findings).toContainEqual({ what: 'data_changed', from: 1100, to: 1100 });
  expect(findings).toContainEqual({ what: 'column_changed', from: 1100, to: 1100 });
});

test('rows and names that were planted beside the signed ones are found', async () => {
  const plants: [what: string, sql: string][] = [
    ['blob_changed', `INSERT INTO event_blobs VALUES (1150, 'length', 'x', 'y')`],
    ['blob_changed', `INSERT INTO event_blobs VALUES (5.5, 0, 'x', 'y')`],
    ['blob_changed', `INSERT INTO blobs VALUES ('unclaimed', 1, 1, x'00')`],
    ['tree_changed', `INSERT INTO subtrees VALUES (8, 'x', 'y')`],
    ['checkpoint_forged', `INSERT INTO checkpoints VALUES (9223372036854775807, 0, 'x')`],
  ];
  for (const [what, sql] of plants) {
    const findings = await findingsAfter(run(sql));
    expect(findings.map((finding) => finding.what)).toEqual([what]);
    for (const { from, to } of findings) expect([from, to].every(Number.isSafeInteger), sql).toBe(true);
  }
  const renamed = (database: Database.Database) =>
    database.exec(`DELETE FROM checkpoints WHERE size > 1000; UPDATE checkpoints SET size = 0, note = 'x';
      UPDATE meta SET value = 'holdfast/another'`);
  const findings = await findingsAfter((database) => void renamed(database));
  expect(findings).toContainEqual({ what: 'column_changed', from: 0, to: 0 });
});

test('a database that is made otherwise than ours is found out', async () => {
  const changes = [
    'CREATE TRIGGER watch AFTER INSERT ON events BEGIN DELETE FROM subtrees; END',
    'CREATE VIEW seen AS SELECT * FROM events',
    'CREATE INDEX other ON events (seq, header)',
    'DROP INDEX events_time',
    'ALTER TABLE meta ADD COLUMN more TEXT',
  ];
  for (const sql of changes) {
    const findings = await findingsAfter((database) => void database.exec(sql));
    expect(findings, sql).toEqual([{ what: 'schema_changed', from: 0, to: 1200 }]);
  }
  expect(await findingsAfter((database) => void database.exec('CREATE TABLE derived (x)'))).toEqual([]);
});

test('checkpoints that were taken away are missed where more events wait than ever do', async () => {
  const gone = (from: number) => run('DELETE FROM checkpoints WHERE size > ?', from);
  expect(await findingsAfter(gone(1000))).toEqual([]);
  expect(await findingsAfter(gone(0))).toEqual([{ what: 'checkpoint_missing', from: 0, to: 1200 }]);
});
