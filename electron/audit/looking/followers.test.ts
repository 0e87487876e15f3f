import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { count } from '../../base/test-counts.ts';
import type { AuditRecord } from '../record.ts';
import { openTestRecord, remark } from '../testing/open-test-record.ts';

async function collect(
  record: AuditRecord,
  from: number,
  until: number,
  filter = {},
): Promise<RecordedEvent[]> {
  const control = new AbortController();
  const found: RecordedEvent[] = [];
  for await (const { events, next } of record.follow({ from, filter }, control.signal)) {
    found.push(...events);
    if (next >= until) control.abort();
  }
  return found;
}

test('a follower that is cut off at random and comes back misses nothing and sees nothing twice', async () => {
  const { record } = await openTestRecord();
  const total = 400;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), async (cuts) => {
      const start = record.state().size;
      const writing = (async () => {
        for (let i = 0; i < total / 10; i++) {
          await Promise.all(Array.from({ length: 10 }, (_, j) => record.append(remark(`${i} ${j}`))));
        }
      })();
      const seen: number[] = [];
      let next = start;
      for (const cut of [...cuts, Infinity]) {
        const control = new AbortController();
        let left = cut;
        for await (const batch of record.follow({ from: next, filter: {} }, control.signal)) {
          // A cut may fall inside a batch: what was not taken counts as not seen.
          const taken = batch.events.slice(0, left);
          seen.push(...taken.map((event) => event.seq));
          left -= taken.length;
          next = taken.length < batch.events.length ? (seen.at(-1) ?? next - 1) + 1 : batch.next;
          if (left <= 0 || next >= start + total) control.abort();
        }
      }
      await writing;
      expect(seen).toEqual(Array.from({ length: total }, (_, i) => start + i));
    }),
    { numRuns: count(5, 100), seed: 7 },
  );
});

test('a follower far behind reads on from the store, in order', async () => {
  const { record } = await openTestRecord();
  await record.appendAll(Array.from({ length: 1000 }, (_, i) => remark(`first ${i}`)));
  await record.appendAll(Array.from({ length: 1000 }, (_, i) => remark(`second ${i}`)));
  const seen = await collect(record, 0, 2001);
  expect(seen.map((event) => event.seq)).toEqual(Array.from({ length: 2001 }, (_, i) => i));
});

test('a filter holds for what was and for what comes', async () => {
  const { record } = await openTestRecord();
  const noise = (text: string) => [remark(`noise ${text}`), remark(`needle ${text}`)];
  await record.appendAll(noise('before'));
  const following = collect(record, 0, 5, { text: 'needle' });
  await record.appendAll(noise('after'));
  expect((await following).map((event) => event.data)).toEqual([
    { text: 'needle before' },
    { text: 'needle after' },
  ]);
});

test('closing the record ends its followers', async () => {
  const { record } = await openTestRecord();
  const following = collect(record, 0, Infinity);
  await record.append(remark('last'));
  await record.close();
  expect((await following).map((event) => event.kind)).toContain('log.created');
});
