/** Verifies a long record, every column and every payload compared: on one thread, and on two. */
import type { ReaderCalls } from '../electron/audit/reading.ts';
import { SampleLog } from '../electron/audit/sample-log.ts';
import { verifyingThread, verifyRecord } from '../electron/audit/verify.ts';
import { systemClock } from '../electron/base/clock.ts';
import { Thread } from '../electron/base/thread-call.ts';
import { median, numberOption, perSecond, quick, report, thousands } from './parts/report.ts';

const events = numberOption('events', quick ? 100_000 : 1_000_000);
const rounds = quick ? 3 : 5;
/** As it is built, for that is what people run. */
const reader = new URL('../out/main/reader.js', import.meta.url);
const log = new SampleLog();

/** Events per second, from the call to the result: starting the threads is part of it. */
async function verified(threads: number, note: string): Promise<number> {
  const options = {
    outside: [{ name: 'kept', note }],
    trusted: [log.key.text],
    thread: () => verifyingThread(new Thread<ReaderCalls>(reader, { path: log.path })),
    threads,
    clock: systemClock,
  };
  const started = performance.now();
  for await (const { result } of verifyRecord(options, new AbortController().signal)) {
    if (result?.ok === false) throw new Error(result.findings[0]!.message);
  }
  return perSecond(log.size, performance.now() - started);
}

try {
  log.fill(events);
  const note = log.checkpoint();
  const bytes = log.read('SELECT avg(length(header) + length(data)) FROM events') as number;
  await verified(2, note);
  const one: number[] = [];
  const two: number[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await verified(1, note));
    two.push(await verified(2, note));
  }
  const name = `verify: ${thousands(events)} events of ${Math.round(bytes)} bytes`;
  report({
    name: `${name}, one thread`,
    figure: `${thousands(median(one))}/s`,
    compared: 'the aim itself',
    value: median(one) / 1000,
    aim: { atLeast: 120 },
    unit: ' thousand/s',
  });
  report({
    name: `${name}, two threads`,
    figure: `${thousands(median(two))}/s`,
    compared: `${thousands(median(one))}/s on one`,
    value: median(two.map((figure, i) => figure / one[i]!)),
    aim: { atLeast: 1.7 },
  });
} finally {
  await log.close();
}
