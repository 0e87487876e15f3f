/**
 * Sealing the record of a session that left 10,000 files: second names refused, every file hashed and made read-only
 * by its descriptor, manifest, event and proof, beside `sha256sum` and `chmod` of the same files.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecord } from '../electron/audit/open-record.ts';
import { systemClock } from '../electron/base/clock.ts';
import { newId } from '../electron/base/ids.ts';
import { silentLog } from '../electron/base/log.ts';
import { makePrivateFolder } from '../electron/base/private-files.ts';
import { removeTree } from '../electron/base/remove-tree.ts';
import { WorkRecords } from '../electron/sessions/work-records.ts';
import { openVault } from '../electron/store/open-vault.ts';
import { median, numberOption, quick, report, thousands } from './parts/report.ts';

const files = numberOption('files', 10_000);
const rounds = quick ? 3 : 5;
const operator = { kind: 'operator' } as const;

/** As a session leaves them: folders of a hundred files, half a kilobyte to eight each. */
function fill(folder: string): void {
  const content = randomBytes(8192);
  for (let i = 0; i < files; i++) {
    const within = join(folder, String(Math.floor(i / 100)));
    if (i % 100 === 0) mkdirSync(within);
    writeFileSync(join(within, `artifact-${i}.json`), content.subarray(0, 512 * (1 + (i % 16))));
  }
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-seal-'));
const data = join(folder, 'data');
await makePrivateFolder(data);
const thread = (name: string) => new URL(`../out/main/${name}.js`, import.meta.url);
const log = silentLog();
const record = await openRecord({
  folder: data,
  vault: await openVault({ folder: data, clock: systemClock }),
  clock: systemClock,
  log,
  version: 'bench',
  threads: { writer: thread('writer'), reader: thread('reader') },
});
const records = new WorkRecords({
  record,
  clock: systemClock,
  log,
  root: join(folder, 'audit'),
  checker: new URL('../resources/verify-record.mjs', import.meta.url).pathname,
});

async function sealed(): Promise<number> {
  const session = newId('session', new Date());
  await record.append({ kind: 'record.noted', actor: operator, scope: { session }, data: { text: 'begun' } });
  const begun = { session, agent: 'bench', repository: '/bench', workUnit: null, started: new Date() };
  const { live, seal, folder: its } = await records.begin(begun);
  fill(live);
  const took = await timed(async () => {
    const end = { ended: new Date(), outcome: 'success', exitCode: 0, files: [] };
    if (!(await seal(end))) throw new Error('it could not be sealed');
  });
  await removeTree(its);
  return took;
}

async function byHand(): Promise<number> {
  const its = join(folder, 'hand');
  mkdirSync(its);
  fill(its);
  const took = await timed(() => {
    const sum =
      'find . -type f -print0 | xargs -0 sha256sum > ../sums; find . -type f -print0 | xargs -0 chmod 444';
    execFileSync('sh', ['-c', `${sum}; find . -depth -type d -print0 | xargs -0 chmod 555`], { cwd: its });
  });
  await removeTree(its);
  return took;
}

try {
  const [ours, plain]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(await sealed());
    plain.push(await byHand());
  }
  const [took, hand] = [median(ours), median(plain)];
  const name = `seal: ${thousands(files)} files`;
  const figure = `${Math.round(took)} ms`;
  const compared = `${Math.round(hand)} ms by sha256sum and chmod (${(took / hand).toFixed(1)}×)`;
  report({ name, figure, compared, value: took / 1000, aim: { atMost: 2 }, unit: ' s' });
} finally {
  await records.close();
  await record.close();
  await removeTree(folder);
}
