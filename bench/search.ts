/**
 * The first page of a search in a long record: words, and beginnings of three letters, as the reading
 * thread answers them; beside a look-up of the same number of events by sequence number.
 */
import { sentenceOf } from '../shared/events/catalogue.ts';
import { queryEvents } from '../electron/audit/query.ts';
import { SampleLog } from '../electron/audit/sample-log.ts';
import { openForReading } from '../electron/store/database.ts';
import { numberOption, percentile, quick, report, thousands } from './parts/report.ts';

const events = numberOption('events', quick ? 50_000 : 1_000_000);
const questions = 300;
const log = new SampleLog();
try {
  log.fill(events);
  log.writer.checkpoint();
  const database = openForReading(log.path);
  const page = (filter: object) => queryEvents(database, { filter, limit: 100 });

  // The words people would type are those that occur: taken from events spread over the whole record.
  const words: string[] = [];
  const companions: string[] = [];
  for (let i = 0; words.length < questions; i++) {
    const [event] = queryEvents(database, {
      filter: {},
      before: Math.floor(((i * 7919) % events) + 1),
      limit: 1,
    }).events;
    if (!event) continue;
    const found = `${sentenceOf(event)} ${JSON.stringify(event.data)}`.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
    words.push(found[i % found.length]!);
    companions.push(found[(i + 1) % found.length]!);
  }
  const timed = (ask: (i: number) => object) => {
    const took: number[] = [];
    for (let i = 0; i < questions; i++) {
      const filter = ask(i);
      const started = performance.now();
      page(filter);
      took.push(performance.now() - started);
    }
    return took;
  };
  timed((i) => ({ text: words[i] }));
  const plain = timed(() => ({}));
  const rows: [string, number[]][] = [
    ['one word', timed((i) => ({ text: words[i] }))],
    ['two words of one event', timed((i) => ({ text: `${words[i]} ${companions[i]}` }))],
    ['beginning of three letters', timed((i) => ({ text: `${words[i]!.slice(0, 3)}*` }))],
  ];
  for (const [name, took] of rows) {
    report({
      name: `search: ${name} in ${thousands(events)} events`,
      figure: `p50 ${percentile(took, 50).toFixed(2)} ms, p95 ${percentile(took, 95).toFixed(2)} ms`,
      compared: `p95 ${percentile(plain, 95).toFixed(2)} ms for the newest hundred without a search`,
      value: percentile(took, 95),
      aim: { atMost: 5 },
      unit: ' ms',
    });
  }
  database.close();
} finally {
  await log.close();
}
