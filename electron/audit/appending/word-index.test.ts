import { expect, onTestFinished, test } from 'vitest';
import { openForReading } from '../../store/database.ts';
import { queryEvents } from '../query.ts';
import { rebuildCheck } from '../rebuilding/rebuild.ts';
import { SampleLog } from '../sample-log.ts';
import { settingRows } from '../setting-rows.ts';
import { Writer } from '../writer.ts';
import { openTestRecord } from '../testing/open-test-record.ts';
import { prepare } from './prepare.ts';
import { createRedactor } from './redact.ts';

const system = { kind: 'system' } as const;
const noted = (text: string) => ({ kind: 'record.noted', actor: system, data: { text } }) as const;
const prepared = (text: string) => prepare(noted(text), new Date(), createRedactor([])).prepared;

function sample() {
  const log = new SampleLog([settingRows]);
  onTestFinished(() => log.close());
  const found = (text: string) => {
    const reader = openForReading(log.path);
    try {
      return queryEvents(reader, { filter: { text }, limit: 10 }).events.map(({ seq }) => seq);
    } finally {
      reader.close();
    }
  };
  /** As a kill leaves it: the events are in the log, their words were in memory. What opens it next. */
  const afterKill = (...texts: string[]) => {
    const killed = new Writer(log.path, [settingRows]);
    killed.open(log.name);
    killed.append(texts.map(prepared));
    const next = new Writer(log.path, [settingRows]);
    onTestFinished(() => next.close());
    return { next, size: next.open(log.name).size };
  };
  return { log, found, afterKill };
}

test('whoever asks right after an event was appended finds it by its words and its kind', async () => {
  const { record } = await openTestRecord();
  for (let i = 0; i < 30; i++) {
    const [one, , other] = await Promise.all([
      record.append(noted(`needle${i} here`)),
      record.append(noted('hay')),
      record.append(noted(`needle${i} there`)),
    ]);
    const { events } = await record.query({ filter: { text: `needle${i}` }, limit: 10 });
    expect(events.map(({ seq }) => seq)).toEqual([other.seq, one.seq]);
    const newest = await record.query({ filter: { kinds: ['record.noted'] }, limit: 1 });
    expect(newest.events[0]?.seq).toBe(other.seq);
  }
});

test('words that a life which ended too soon did not write are found in the next', async () => {
  const { log, found, afterKill } = sample();
  log.append(noted('first'));
  const { next, size } = afterKill('needle one', 'needle two');
  expect(found('needle')).toEqual([]);
  await next.catchUp();
  expect(found('needle')).toEqual([size - 1, size - 2]);
  expect(rebuildCheck(log.path, [settingRows], { indexed: size }, () => undefined).differences).toBe(0);
  await next.catchUp();
  expect(found('needle')).toHaveLength(2);
});

test('until what a life left out is made up for nothing later is added, and what is erased meanwhile is not found after it', async () => {
  const { log, found, afterKill } = sample();
  log.append(noted('first'));
  const { next, size } = afterKill('needle one', 'needle two');
  const before = next.indexed();
  expect(before).toBeLessThan(size);
  next.append([prepared('needle three')]);
  const data = { event: 'evt_0123456789abcdefghjkmnpqrs', seq: size - 1, reason: 'a test' } as const;
  const draft = { kind: 'payload.erased', actor: system, data } as const;
  const erased = prepare(draft, new Date(), createRedactor([])).prepared;
  next.append([erased], { erase: size - 1 });
  next.index();
  expect(found('needle')).toEqual([]);
  expect(next.indexed()).toBe(before);
  await Promise.all([next.catchUp(), next.catchUp()]);
  expect(found('needle')).toEqual([size, size - 2]);
  expect(next.indexed()).toBe(size + 2);
  next.append([prepared('needle four')]);
  const indexed = next.index();
  expect(found('needle')).toEqual([size + 2, size, size - 2]);
  expect(rebuildCheck(log.path, [settingRows], { indexed }, () => undefined).differences).toBe(0);
});

test('what is appended beyond what may wait is written first, and what is erased is found no more', () => {
  const { log, found } = sample();
  const { writer } = log;
  for (let i = 0; i < 5; i++)
    writer.append(Array.from({ length: 1000 }, (_, at) => prepared(`straw ${i} ${at}`)));
  expect(found('straw')).toHaveLength(10);
  const seq = writer.append([prepared('secretive')]).size - 1;
  expect(found('secretive')).toEqual([]);
  const data = { event: 'evt_0123456789abcdefghjkmnpqrs', seq, reason: 'a test' } as const;
  log.appendWith({ erase: seq }, { kind: 'payload.erased', actor: system, data });
  expect(found('secretive')).toEqual([]);
  const size = writer.index();
  expect(rebuildCheck(log.path, [settingRows], { indexed: size }, () => undefined).differences).toBe(0);
});
