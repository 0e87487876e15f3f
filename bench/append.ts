/**
 * Durable appends by 100 writers, against bare code on one connection that does the same SQL, the same
 * indexes and the same hashing in transactions of 100, and against raw inserts that hash nothing.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecord } from '../electron/audit/open-record.ts';
import { systemClock } from '../electron/base/clock.ts';
import { silentLog } from '../electron/base/log.ts';
import { makePrivateFolder } from '../electron/base/private-files.ts';
import { openForWriting } from '../electron/store/database.ts';
import { migrate } from '../electron/store/migrations.ts';
import { openVault } from '../electron/store/open-vault.ts';
import { median, perSecond, quick, report, thousands } from './parts/report.ts';

const events = quick ? 10_000 : 40_000;
const rounds = quick ? 3 : 5;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-append-'));
const text = (i: number) =>
  `event ${i} of a bench whose text is about as long as a usual event, `.padEnd(200, 'lorem ');

/** Tables as ours, statements as ours, one transaction for each hundred events; nothing else. */
function bare(name: string, hashing: boolean): number {
  const database = openForWriting(join(folder, name));
  migrate(database);
  const putEvent = database.prepare(`INSERT INTO events VALUES (${'?, '.repeat(13)}?)`);
  const putWords = database.prepare('INSERT INTO event_words (rowid, text, kind) VALUES (?, ?, ?)');
  const roots: string[] = [];
  const pair = Buffer.alloc(65, 1);
  const started = performance.now();
  for (let first = 0; first < events; first += 100) {
    database.transaction(() => {
      for (let seq = first; seq < first + 100; seq++) {
        const data = JSON.stringify({ text: text(seq) });
        const salt = hashing ? randomBytes(16).toString('base64url') : '';
        const time = new Date();
        const id = `evt_${String(seq).padStart(26, '0')}`;
        const stamp = hashing ? hash('sha256', salt + data, 'hex') : '';
        const header = `{"actor":{"kind":"operator"},"data":"${stamp}","id":"${id}","kind":"record.noted","seq":${seq},"time":"${time.toISOString()}"}`;
        putEvent.run(
          seq,
          id,
          time.getTime(),
          'record.noted',
          'operator',
          null,
          null,
          null,
          null,
          null,
          null,
          header,
          data,
          salt,
        );
        putWords.run(seq, `noted: ${text(seq)} operator ${text(seq)}`, 'record0noted');
        if (!hashing) continue;
        let carried = hash('sha256', `\0${header}`, 'hex');
        for (let bit = seq; bit % 2 === 1; bit = (bit - 1) / 2) {
          pair.write(roots.pop()!, 1, 32, 'hex');
          pair.write(carried, 33, 32, 'hex');
          carried = hash('sha256', pair, 'hex');
        }
        roots.push(carried);
      }
    })();
  }
  const took = performance.now() - started;
  database.close();
  return perSecond(events, took);
}

async function ours(name: string): Promise<number> {
  const own = join(folder, name);
  const threads = {
    writer: new URL('../electron/writer.ts', import.meta.url),
    reader: new URL('../electron/reader.ts', import.meta.url),
  };
  await makePrivateFolder(own);
  const vault = await openVault({ folder: own, clock: systemClock });
  const record = await openRecord({
    folder: own,
    vault,
    clock: systemClock,
    log: silentLog(),
    version: 'bench',
    threads,
  });
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      while (next < events) {
        await record.append({
          kind: 'record.noted',
          actor: { kind: 'operator' },
          data: { text: text(next++) },
        });
      }
    }),
  );
  // Words are written a moment later; here they are counted with the rest.
  await record.query({ filter: { text: 'lorem' }, limit: 1 });
  const took = performance.now() - started;
  await record.close();
  return perSecond(events, took);
}

try {
  const figures = { ours: [] as number[], bare: [] as number[], raw: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(await ours(`ours-${round}`));
    figures.bare.push(bare(`bare-${round}.sqlite`, true));
    figures.raw.push(bare(`raw-${round}.sqlite`, false));
  }
  const [own, same, raw] = [median(figures.ours), median(figures.bare), median(figures.raw)];
  const ratios = figures.ours.map((figure, i) => figure / figures.bare[i]!);
  report({
    name: 'append: durable, 100 writers',
    figure: `${thousands(own)}/s`,
    compared: `${thousands(same)}/s bare with the same SQL and hashing, ${thousands(raw)}/s without hashing`,
    value: median(ratios),
    aim: { atLeast: 0.6 },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
