import { expect, test } from 'vitest';
import type { EventFilter } from '../../shared/contract/record.ts';
import type { Draft } from '../../shared/events/catalogue.ts';
import { newId } from '../base/ids.ts';
import { openTestRecord, remark } from './testing/open-test-record.ts';

const run = newId('run', new Date());

const drafts: Draft[] = [
  remark('the tide comes in'),
  remark('the tide goes out, says Łukasz at the café'),
  {
    kind: 'message.sent',
    actor: { kind: 'agent', id: 'release' },
    scope: { run, agent: 'release' },
    data: { from: 'release', to: 'harbor' },
  },
  {
    kind: 'message.delivered',
    actor: { kind: 'system' },
    scope: { run },
    data: { from: 'release', to: 'harbor' },
  },
  { kind: 'secret.stored', actor: { kind: 'operator', id: 'anna' }, data: { name: 'harbor' } },
];

async function filledRecord() {
  const { record } = await openTestRecord();
  await record.appendAll(drafts);
  const find = async (filter: EventFilter) =>
    (await record.query({ filter, limit: 100 })).events.map((event) => event.seq);
  return { record, find };
}

test('words, kinds, families, actors and scopes find what they name, newest first', async () => {
  const { find } = await filledRecord();
  expect(await find({})).toEqual([5, 4, 3, 2, 1, 0]);
  expect(await find({ text: 'tide' })).toEqual([2, 1]);
  expect(await find({ text: 'tide OUT' })).toEqual([2]);
  expect(await find({ text: 'tid*' })).toEqual([2, 1]);
  expect(await find({ text: 'cafe' })).toEqual([2]);
  expect(await find({ kinds: ['message.*'] })).toEqual([4, 3]);
  expect(await find({ kinds: ['message.sent', 'secret.stored'] })).toEqual([5, 3]);
  expect(await find({ text: 'harbor', kinds: ['message.*'] })).toEqual([4, 3]);
  expect(await find({ actor: 'release' })).toEqual([3]);
  expect(await find({ actor: 'operator' })).toEqual([5, 2, 1]);
  expect(await find({ run })).toEqual([4, 3]);
  expect(await find({ agent: 'release', kinds: ['message.*'] })).toEqual([3]);
});

test('what search syntax would mean to the index is only words to a person', async () => {
  const { find } = await filledRecord();
  for (const text of [
    '"',
    'tide"',
    'NEAR(',
    'text:tide AND',
    '-tide',
    '*',
    '(((',
    "'; DROP TABLE events; --",
  ]) {
    await expect(find({ text })).resolves.toBeInstanceOf(Array);
  }
  expect(await find({ text: '…' })).toEqual([]);
});

test('time bounds hold even where the clock was set back', async () => {
  let now = Date.parse('2026-05-01T12:00:00.000Z');
  const { record } = await openTestRecord(undefined, {
    now: () => new Date(now),
    after: () => () => undefined,
  });
  await record.append(remark('noon'));
  now -= 3_600_000;
  await record.append(remark('eleven again'));
  now += 2 * 3_600_000;
  await record.append(remark('one'));
  const find = async (filter: EventFilter) =>
    (await record.query({ filter, limit: 10 })).events.map((event) => event.data);
  expect(await find({ kinds: ['record.noted'], until: '2026-05-01T11:30:00.000Z' })).toEqual([
    { text: 'eleven again' },
  ]);
  expect(await find({ since: '2026-05-01T12:30:00.000Z' })).toEqual([{ text: 'one' }]);
});

test('pages follow each other without gap or double while events arrive', async () => {
  const { record } = await filledRecord();
  const seen: number[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await record.query({ filter: {}, limit: 2, before });
    seen.push(...page.events.map((event) => event.seq));
    await record.append(remark('meanwhile'));
    if (page.next === null) break;
    before = page.next;
  }
  expect(seen).toEqual([5, 4, 3, 2, 1, 0]);
});

test('an event is found by number, by id and by the beginning of its id, with a proof that leads to the signed root', async () => {
  const { record } = await filledRecord();
  await record.checkpoint();
  const { event, proof } = await record.get('3');
  expect((await record.get(event.id)).event).toEqual(event);
  expect((await record.get(event.id.slice(4))).event).toEqual(event);
  expect(proof.checkpoint?.size).toBe(6);
  await expect(record.get('99')).rejects.toMatchObject({ code: 'not_found' });
  await expect(record.get('evt_')).rejects.toMatchObject({ code: 'invalid_input' });
});
