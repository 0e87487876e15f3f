import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Draft } from '../../../shared/events/catalogue.ts';
import { count } from '../../base/test-counts.ts';
import type { Projection } from '../projection.ts';
import { rebuildCheck, rebuildTables } from './rebuild.ts';
import { SampleLog } from '../sample-log.ts';
import { settingRows } from '../setting-rows.ts';

const operator = { kind: 'operator' } as const;
const system = { kind: 'system' } as const;
const change = (value: number) =>
  ({ kind: 'setting.changed', actor: operator, data: { key: 'blobs.keepDays', value } }) as const;

/** Remembers the last thing noted and how it was said, under a key that has two columns. */
const lastNotes: Projection = {
  name: 'notes',
  kinds: ['record.noted'],
  tables: { last_notes: 'actor TEXT, kind TEXT, text TEXT, PRIMARY KEY (actor, kind)' },
  rows: (event) => [
    {
      op: 'put',
      table: 'last_notes',
      row: { actor: event.actor.kind, kind: event.kind, text: (event.data as { text: string }).text },
    },
  ],
};
const projections = [settingRows, lastNotes];

function sample(): {
  log: SampleLog;
  check: () => ReturnType<typeof rebuildCheck>;
  run: (sql: string) => void;
} {
  const log = new SampleLog(projections);
  onTestFinished(() => log.close());
  log.fill(700);
  log.append(change(10), change(20));
  const noted = {
    kind: 'record.noted',
    actor: operator,
    data: { text: 'Ein wenig Größe, 中文 and 🙂' },
  } as const;
  log.append(noted);
  return {
    log,
    check: () => rebuildCheck(log.path, projections, { indexed: log.size }, () => undefined),
    run: (sql) => {
      const database = new Database(log.path);
      database.exec(sql);
      database.close();
    },
  };
}

test('deriving everything again finds no difference, also where a payload was erased', () => {
  const { log, check } = sample();
  const rows = [
    { name: 'settings', rows: 1, differences: 0 },
    { name: 'last_notes', rows: 1, differences: 0 },
  ];
  expect(check()).toEqual({
    tables: [...rows, { name: 'event_words', rows: 704, differences: 0 }],
    differences: 0,
  });
  const data = { event: 'evt_0123456789abcdefghjkmnpqrs', seq: 5, reason: 'a test' } as const;
  log.appendWith({ erase: 5 }, { kind: 'payload.erased', actor: operator, data });
  expect(check()).toMatchObject({ differences: 0 });
});

test('changed, missing and additional rows are counted and mended', () => {
  const { log, check, run } = sample();
  run(`UPDATE settings SET value = '99'; INSERT INTO settings VALUES ('made up', '1');
       DELETE FROM last_notes;
       DELETE FROM event_words WHERE rowid = 7;
       INSERT OR REPLACE INTO event_words (rowid, text, kind) VALUES (8, 'needle elsewhere', 'other')`);
  const found = check();
  expect(found.tables).toEqual([
    { name: 'settings', rows: 1, differences: 2 },
    { name: 'last_notes', rows: 1, differences: 1 },
    { name: 'event_words', rows: 704, differences: 2 },
  ]);
  const database = new Database(log.path);
  rebuildTables(
    database,
    projections,
    found.tables.map(({ name }) => name),
  );
  database.close();
  expect(check()).toMatchObject({ differences: 0 });
});

test('a table of another shape counts as different and is made anew', () => {
  const { log, check, run } = sample();
  run('ALTER TABLE settings ADD COLUMN extra TEXT');
  expect(check()).toMatchObject({ differences: 1 });
  const database = new Database(log.path);
  rebuildTables(database, projections, ['settings']);
  database.close();
  expect(check()).toMatchObject({ differences: 0 });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ minLength: 1, maxLength: 9000 }),
);
const drafts: fc.Arbitrary<Draft | 'erase'> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('erase' as const) },
  fc.nat(36_000).map((days) => change(days + 1)),
  fc.jsonValue().map((value): Draft => ({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'checkpoint.file', value: value as null },
  })),
  fc.tuple(text, text).map(([first, second]): Draft => ({
    kind: 'record.noted',
    actor: { kind: 'client', id: first.slice(0, 200) },
    scope: { agent: second.slice(0, 200) },
    data: { text: `${first} ${second}`.slice(0, 10_000) },
  })),
);

test('whatever is appended and erased, deriving everything again finds the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(drafts, { minLength: 1, maxLength: 40 }), async (steps) => {
      const log = new SampleLog(projections);
      try {
        const erasable: number[] = [];
        for (const step of steps) {
          if (step !== 'erase') {
            log.append(step);
            if (step.kind === 'setting.changed') continue;
            log.append({ kind: 'app.stopped', actor: system, data: { reason: 'a test', drained: true } });
            erasable.push(log.size - 1);
            continue;
          }
          const seq = erasable.pop();
          if (seq === undefined) continue;
          const data = { event: 'evt_0123456789abcdefghjkmnpqrs', seq, reason: 'a test' } as const;
          log.appendWith({ erase: seq }, { kind: 'payload.erased', actor: system, data });
        }
        expect(rebuildCheck(log.path, projections, { indexed: log.size }, () => undefined)).toMatchObject({
          differences: 0,
        });
      } finally {
        await log.close();
      }
    }),
    { numRuns: count(25, 2000) },
  );
});
