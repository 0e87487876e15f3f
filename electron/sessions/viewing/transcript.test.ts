import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { readTranscript, Transcript, type TranscriptParts } from './transcript.ts';

async function begun(parts: Partial<TranscriptParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-transcript-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'transcript.cast');
  const clock = new ManualClock();
  const size = { columns: 100, rows: 30 };
  const transcript = await Transcript.begin({ path, clock, log: silentLog(), size, secrets: [], ...parts });
  const lines = () =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  return { transcript, clock, lines, path };
}

test('output, sizes and times are an asciicast of version 2', async () => {
  const { transcript, clock, lines, path } = await begun();
  await transcript.add('terminal', Buffer.from('he'));
  clock.advance(1500);
  transcript.resized({ columns: 80, rows: 24 });
  const euro = Buffer.from('€\u001B[1m');
  await transcript.add('terminal', euro.subarray(0, 2));
  await transcript.add('terminal', euro.subarray(2));
  const size = await transcript.end();
  expect(lines()).toEqual([
    { version: 2, width: 100, height: 30, timestamp: 1_767_225_600 },
    [0, 'o', 'he'],
    [1.5, 'r', '80x24'],
    [1.5, 'o', '€\u001B[1m'],
  ]);
  expect(size).toEqual({ bytes: readFileSync(path).length, cut: false });
});

test('a secret is in no transcript, also where the program says it in pieces', async () => {
  const { transcript, path } = await begun({ secrets: ['sk-very-secret'] });
  for (const part of ['key: sk-v', 'ery-s', 'ecret\n']) await transcript.add('terminal', Buffer.from(part));
  await transcript.end();
  expect(readFileSync(path, 'utf8')).toContain('[secret]');
  expect(readFileSync(path, 'utf8')).not.toContain('ery-s');
});

test('one that grows too long is cut and says so; the program goes on', async () => {
  const { transcript, lines } = await begun({ most: 10_000 });
  for (let i = 0; i < 1000; i++) await transcript.add('stdout', Buffer.from('a line of output\n'));
  expect(await transcript.end()).toMatchObject({ cut: true });
  expect(lines().at(-1)).toEqual([0, 'm', 'cut: it grew too long']);
});

test('where it cannot be written there is none, and where it was broken off whole lines are read', async () => {
  const { transcript } = await begun({ path: '/dev/null/none' });
  await transcript.add('stdout', Buffer.from('x'));
  expect(await transcript.end()).toBeNull();
  const { transcript: other, path } = await begun();
  await other.add('stdout', Buffer.from('x'));
  await other.end();
  const whole = readFileSync(path);
  appendFileSync(path, '[1,"o","hal');
  expect(await readTranscript(path)).toEqual(whole);
  expect(await readTranscript(`${path}.none`)).toBeNull();
});
