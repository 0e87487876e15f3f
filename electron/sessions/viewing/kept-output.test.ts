import { expect, test } from 'vitest';
import type { Viewed } from '../../../shared/contract/sessions.ts';
import { type Cursor, KeptOutput } from './kept-output.ts';

const megabyte = 1 << 20;

function textOf(told: readonly Viewed[]): string {
  return told
    .map((one) => (one.kind === 'output' ? Buffer.from(one.data, 'base64').toString() : ''))
    .join('');
}

function takeAll(output: KeptOutput, cursor: Cursor): Viewed[] {
  const told: Viewed[] = [];
  for (let one = output.take(cursor); one; one = output.take(cursor)) told.push(one);
  return told;
}

test('each viewer gets all that is kept, in order, with its streams apart and sizes between', async () => {
  const output = new KeptOutput();
  const early = output.enter(false);
  await output.add('stdout', Buffer.from('one '));
  await output.add('stdout', Buffer.from('two'));
  await output.add('stderr', Buffer.from('bad'));
  output.resized({ columns: 10, rows: 5 });
  await output.add('stdout', Buffer.from('three'));
  const late = output.enter(false);
  const expected = [
    { kind: 'output', stream: 'stdout', data: Buffer.from('one two').toString('base64') },
    { kind: 'output', stream: 'stderr' },
    { kind: 'resized', size: { columns: 10, rows: 5 } },
    { kind: 'output', stream: 'stdout' },
  ];
  expect(takeAll(output, early)).toMatchObject(expected);
  expect(takeAll(output, late)).toMatchObject(expected);
  expect(output.take(late)).toBeUndefined();
  output.end();
  expect(output.take(late)).toBeNull();
});

test('a viewer that falls behind is told what it missed, and nothing is kept for it', async () => {
  const output = new KeptOutput();
  const slow = output.enter(false);
  const line = Buffer.from('0123456789abcdef'.repeat(64));
  for (let i = 0; i < 5000; i++) await output.add('terminal', line);
  const told = takeAll(output, slow);
  const [first] = told;
  expect(first).toMatchObject({ kind: 'skipped' });
  const skipped = first?.kind === 'skipped' ? first.bytes : 0;
  expect(skipped + textOf(told).length).toBe(5000 * line.length);
  expect(textOf(told).length).toBeLessThanOrEqual(megabyte * 1.25);
  expect(textOf(told).length).toBeGreaterThan(megabyte / 2);
});

test('one byte at a time costs no more than its share', async () => {
  const output = new KeptOutput();
  const slow = output.enter(false);
  for (let i = 0; i < 100_000; i++) await output.add('stdout', Buffer.of(65 + (i % 26)));
  for (let i = 0; i < 100_000; i++) output.resized({ columns: 80, rows: 24 });
  expect(takeAll(output, slow).length).toBeLessThanOrEqual((megabyte * 1.25) / 64);
});

test('on a terminal one that says what it takes is sent a window, and nobody waits for it', async () => {
  const output = new KeptOutput();
  const paused = output.enter(true, false);
  for (let i = 0; i < 64; i++) await output.add('terminal', Buffer.alloc(64 * 1024, 'x'));
  const before = takeAll(output, paused);
  expect(before[0]).toMatchObject({ kind: 'skipped' });
  const given = textOf(before).length;
  expect(given).toBeLessThanOrEqual(megabyte * 0.75);
  expect(output.take(paused)).toBeUndefined();
  output.taken(paused, given);
  expect(output.take(paused)).toMatchObject({ kind: 'output' });
});

test('a viewer that misses nothing is waited for, until it goes or the session is to end', async () => {
  const output = new KeptOutput();
  const every = output.enter(true);
  let added = 0;
  const program = async (parts: number) => {
    for (let i = 0; i < parts; i++) {
      await output.add('stdout', Buffer.alloc(64 * 1024, 48 + (i % 10)));
      added++;
    }
  };
  const writing = program(64);
  let received = '';
  for (let waited = 0; received.length < 64 * 64 * 1024;) {
    const told = output.take(every);
    if (told?.kind === 'output') {
      const text = Buffer.from(told.data, 'base64').toString();
      received += text;
      expect(added * 64 * 1024 - received.length).toBeLessThanOrEqual(megabyte);
      output.taken(every, text.length);
    } else {
      expect(told).toBeUndefined();
      expect(++waited).toBeLessThan(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await writing;
  expect(received).toBe(Array.from({ length: 64 }, (_, i) => String(i % 10).repeat(64 * 1024)).join(''));

  const held = async (parts: number) => {
    const whole = added + parts;
    const more = { over: program(parts) };
    await new Promise((resolve) => setImmediate(resolve));
    expect(added).toBeLessThan(whole);
    return more;
  };
  const first = await held(64);
  output.leave(every);
  await first.over;
  output.enter(true);
  const second = await held(64);
  output.unbind();
  await second.over;
  expect(added).toBe(3 * 64);
});
