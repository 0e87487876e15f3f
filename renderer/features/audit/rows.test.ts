import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { EveryRow } from './every-row.ts';
import { rowOf } from './event-row.ts';
import { FoundRows } from './found-rows.ts';
import { PageCache } from './page-cache.ts';
import { type AskPage, pageLength, type RowSource } from './row-source.ts';

const eventAt = (seq: number): RecordedEvent => ({
  seq,
  id: `evt_${String(seq).padStart(26, '0')}`,
  time: '2026-01-01T00:00:00.000Z',
  kind: 'record.noted',
  known: true,
  actor: { kind: 'operator' },
  scope: {},
  payload: 'present',
  data: { text: `remark ${seq}` },
  blobs: [],
});

/** A record that answers pages as the real one does, of the sequence numbers given. */
function recordOf(seqs: readonly number[]) {
  const asked: number[] = [];
  const ask: AskPage = (before, limit) => {
    asked.push(before);
    const older = seqs.filter((seq) => seq < before).toSorted((a, b) => b - a);
    const page = older.slice(0, limit);
    return Promise.resolve({ events: page.map(eventAt), next: older.length > limit ? page.at(-1)! : null });
  };
  return { ask, asked };
}

/** Shows a part and waits until all of it is there. */
async function look(rows: RowSource, first: number, last: number): Promise<(number | undefined)[]> {
  const there = () => range(first, Math.min(last, rows.count - 1)).every((index) => rows.row(index));
  const done = () => there() && (rows.complete || rows.count > last);
  while (!done()) {
    await new Promise<void>((resolve) => {
      const stop = rows.subscribe(() => {
        stop();
        resolve();
      });
      rows.view(first, last);
    });
  }
  return range(first, Math.min(last, rows.count - 1)).map((index) => rows.row(index)?.seq);
}

const range = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

test('any part of the whole record is shown without what lies between', async () => {
  const { ask, asked } = recordOf(range(0, 99_999));
  const rows = new EveryRow(100_000, ask);
  expect(await look(rows, 0, 2)).toEqual([99_999, 99_998, 99_997]);
  expect(await look(rows, 70_000, 70_002)).toEqual([29_999, 29_998, 29_997]);
  expect(asked).toHaveLength(2);
});

test('scrolling through everything keeps few rows in memory', async () => {
  const { ask } = recordOf(range(0, 20_000));
  const rows = new EveryRow(20_001, ask);
  for (let first = 0; first < 20_000; first += 500) await look(rows, first, first + 40);
  expect(range(0, 20_000).filter((index) => rows.row(index)).length).toBeLessThanOrEqual(61 * pageLength);
});

test('arriving events stand on top, also where they come twice', async () => {
  const { ask } = recordOf(range(0, 149));
  const rows = new EveryRow(150, ask);
  await look(rows, 0, 10);
  rows.prepend([150, 151].map((seq) => rowOf(eventAt(seq))));
  rows.prepend([151, 152].map((seq) => rowOf(eventAt(seq))));
  expect(range(0, 3).map((index) => rows.row(index)?.seq)).toEqual([152, 151, 150, 149]);
  expect(rows.indexOf(150)).toBe(2);
});

test('what a filter found is shown in order, whatever is looked at and arrives in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(5000), { minLength: 0, maxLength: 700 }),
      fc.array(fc.record({ look: fc.nat(800), arrive: fc.nat(90) }), { maxLength: 6 }),
      async (found, acts) => {
        const seqs = [...found];
        const rows = new FoundRows(5001, (before, limit) =>
          recordOf(seqs).ask(before, limit, new AbortController().signal),
        );
        let next = 5001;
        await look(rows, 0, 20);
        for (const act of acts) {
          const arrived = range(next, next + act.arrive - 1);
          next += act.arrive;
          seqs.push(...arrived);
          rows.prepend(arrived.map((seq) => rowOf(eventAt(seq))));
          const expected = seqs.toSorted((a, b) => b - a).slice(act.look, act.look + 31);
          for (let at = 0; at < act.look; at += pageLength) await look(rows, at, at);
          expect(await look(rows, act.look, act.look + 30)).toEqual(expected);
        }
      },
    ),
    { numRuns: 40, seed: 11 },
  );
});

test('after a failure nothing is asked until somebody says so', async () => {
  let failures = 0;
  const good = recordOf(range(0, 99));
  const rows = new EveryRow(100, (before, limit, signal) =>
    failures++ === 0 ? Promise.reject(new Error('cut')) : good.ask(before, limit, signal),
  );
  const failed = new Promise<void>((resolve) => rows.subscribe(resolve));
  rows.view(0, 10);
  await failed;
  expect(rows.problem?.message).toContain('cut');
  rows.view(0, 10);
  expect(failures).toBe(1);
  rows.retry();
  expect(await look(rows, 0, 0)).toEqual([99]);
  expect(rows.problem).toBeNull();
});

test('an event of a kind that this version does not know is shown as such', () => {
  const row = rowOf({ ...eventAt(7), kind: 'tide.turned', known: false });
  expect(row).toMatchObject({ kind: 'tide.turned', known: false });
  expect(row.sentence).toContain('does not know');
});

test('a cache lets go of what was looked at longest ago', () => {
  const cache = new PageCache<number, string>(2);
  cache.put(1, 'one');
  cache.put(2, 'two');
  cache.get(1);
  cache.put(3, 'three');
  expect([cache.get(1), cache.get(2), cache.get(3), cache.size]).toEqual(['one', undefined, 'three', 2]);
});
