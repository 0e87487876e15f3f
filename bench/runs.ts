/**
 * Graphs of parts that do nothing, carried out with and without the journal, beside bare promises and what others have
 * for it; opening a finished run; a restart with runs that wait and runs at work; contained parts against an ideal
 * schedule of the same work.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecord } from '../electron/audit/open-record.ts';
import type { AuditRecord } from '../electron/audit/record.ts';
import { systemClock } from '../electron/base/clock.ts';
import { newId } from '../electron/base/ids.ts';
import { silentLog } from '../electron/base/log.ts';
import { makePrivateFolder } from '../electron/base/private-files.ts';
import { ReviewedRuns } from '../electron/runs/reviewed-runs.ts';
import { Runs } from '../electron/runs/runs.ts';
import type { SubtaskEnd, SubtaskSessions } from '../electron/sessions/subtask-sessions.ts';
import { openVault } from '../electron/store/open-vault.ts';
import { runCli, startDaemon } from '../e2e/launchers/built.ts';
import type { Plan } from '../shared/plan.ts';
import { runWishSchema } from '../shared/run.ts';
import { bare, graphPeers, type Parents } from './parts/graph-peers.ts';
import { plainFiles, plainPlanning } from './parts/plain-planning.ts';
import { median, perSecond, quick, report, thousands } from './parts/report.ts';

const many = quick ? 2000 : 10_000;
const most = quick ? 10_000 : 100_000;
const events = quick ? 10_000 : 100_000;
const waiting = quick ? 100 : 1000;
const atWork = quick ? 10 : 50;
const rounds = quick ? 1 : 3;
const operator = { kind: 'operator' } as const;
/** As many as the settings allow. */
const partsAtOnce = 128;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-runs-'));

/** Up to three parents each, none of them far away; the same graph every time. */
function randomGraph(count: number): number[][] {
  let seed = 42;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return [];
    const parents = Array.from({ length: Math.floor(random() * 4) }, () =>
      Math.floor(Math.max(0, i - 1 - random() * 200)),
    );
    return [...new Set(parents)];
  });
}

function planOf(parents: Parents): Plan {
  const subtasks = parents.map((its, i) => ({
    id: `n${i}`,
    role: 'worker',
    params: {},
    depends_on: its.map((at) => `n${at}`),
    current_model_tier: 0,
  }));
  return { subtasks, final_output: '' };
}

const end: SubtaskEnd = {
  session: newId('session', new Date()),
  outcome: { label: 'success', reason: null },
  retry: null,
  answer: '',
  signals: [],
  usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  cost: 0,
  model: null,
};

class Parts implements SubtaskSessions {
  readonly waits: boolean;
  carried = 0;
  first = 0;

  constructor(waits = false) {
    this.waits = waits;
  }

  carry(_order: unknown, _hears: unknown, signal: AbortSignal): Promise<SubtaskEnd> {
    if (this.carried++ === 0) this.first = Date.now();
    if (!this.waits) return Promise.resolve(end);
    return new Promise((_, reject) => {
      const cut = () => reject(signal.reason as Error);
      signal.addEventListener('abort', cut, { once: true });
    });
  }

  say = () => Promise.resolve(end);
  raise = () => undefined;
  pause = () => Promise.resolve();
  resume = () => Promise.resolve();
  endAll = () => Promise.resolve();
}

async function recordIn(name: string): Promise<{ record: AuditRecord; data: string }> {
  const data = join(folder, name);
  await makePrivateFolder(data);
  const record = await openRecord({
    folder: data,
    vault: await openVault({ folder: data, clock: systemClock }),
    clock: systemClock,
    log: silentLog(),
    version: 'bench',
    threads: {
      writer: new URL('../electron/writer.ts', import.meta.url),
      reader: new URL('../electron/reader.ts', import.meta.url),
    },
  });
  const settings = { 'runs.parts': partsAtOnce, 'runs.concurrency': 1000 } as const;
  for (const [key, value] of Object.entries(settings)) {
    await record.append({
      kind: 'setting.changed',
      actor: operator,
      data: { key: key as 'runs.parts', value },
    });
  }
  return { record, data };
}

const openRuns = (record: AuditRecord, data: string, parts: SubtaskSessions) =>
  Runs.open({
    record,
    clock: systemClock,
    log: silentLog(),
    planning: () => Promise.resolve(plainPlanning),
    sessions: () => Promise.resolve(parts),
    files: plainFiles(data),
    reviews: new ReviewedRuns({
      data,
      log: silentLog(),
      reviews: () => Promise.reject(new Error('nothing of this is measured')),
    }),
  });

/** Keeps rows and forgets the rest, at once: what remains is the executor. */
function withoutJournal(record: AuditRecord): AuditRecord {
  const quiet = new Set(['subtask.started', 'subtask.finished']);
  return new Proxy(record, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target);
      if (name !== 'appendAll') return typeof own === 'function' ? (own.bind(target) as unknown) : own;
      return (drafts: Parameters<AuditRecord['appendAll']>[0]) => {
        if (drafts.every(({ kind }) => quiet.has(kind))) return Promise.resolve([]);
        return target.appendAll(drafts);
      };
    },
  });
}

/** Looks now and then: who follows each part would be measured with it. */
async function finished(runs: Runs, id: string): Promise<void> {
  while ((await runs.get(id)).state !== 'finished') await new Promise((resolve) => setTimeout(resolve, 10));
}

/** From the first part’s beginning to the run’s end. */
async function carriedOut(count: number, journal: boolean): Promise<number> {
  const { record, data } = await recordIn(`graph-${count}-${journal}-${performance.now()}`);
  const parts = new Parts();
  const runs = await openRuns(journal ? record : withoutJournal(record), data, parts);
  const wish = runWishSchema.parse({
    invocation: { kind: 'plan', plan: planOf(randomGraph(count)) },
    ceiling: { concurrency: 64 },
  });
  const { id } = await runs.submit(wish, operator);
  await finished(runs, id);
  const took = Date.parse((await runs.get(id)).ended ?? '') - parts.first;
  await runs.close();
  await record.close();
  return took;
}

async function graphs(): Promise<void> {
  const peers = [bare, ...(await graphPeers())];
  const theirs: string[] = [];
  for (const peer of peers) {
    const count = Math.min(many, peer.most);
    theirs.push(
      `${peer.name} ${thousands(perSecond(count, await peer.run(randomGraph(count))))}/s (${thousands(count)})`,
    );
  }
  const compared = theirs.join(', ');
  for (const [name, journal, aim] of [
    ['journal excluded', false, 20_000],
    ['journal included', true, 3000],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) times.push(await carriedOut(many, journal));
    const rate = perSecond(many, median(times));
    report({
      name: `${thousands(many)} no-op parts, ${name}`,
      figure: `${thousands(rate)}/s`,
      compared,
      value: rate,
      aim: { atLeast: aim },
      unit: '/s',
    });
    const large = perSecond(most, await carriedOut(most, journal));
    report({
      name: `${thousands(most)} no-op parts, ${name}`,
      figure: `${thousands(large)}/s`,
      compared: `${thousands(many)} at ${thousands(rate)}/s`,
      value: large / rate,
      aim: { atLeast: 0.7 },
    });
  }
}

async function opening(): Promise<void> {
  const { record, data } = await recordIn('opening');
  const runs = await openRuns(record, data, new Parts());
  const plan = planOf(randomGraph(events / 2));
  const wish = runWishSchema.parse({ invocation: { kind: 'plan', plan }, ceiling: { concurrency: 64 } });
  const { id } = await runs.submit(wish, operator);
  await finished(runs, id);
  await runs.close();
  const again = await openRuns(record, data, new Parts());
  const began = performance.now();
  const leaving = new AbortController();
  let first = 0;
  let parts = 0;
  for await (const news of again.follow(id, leaving.signal)) {
    if (news.kind === 'run') continue;
    if (parts === 0) first = performance.now() - began;
    parts += news.subtasks.length;
    if (parts === plan.subtasks.length) break;
  }
  const all = performance.now() - began;
  report({
    name: `opening a finished run with ${thousands(events)} events`,
    figure: `${all.toFixed(0)} ms`,
    compared: `the first of its ${thousands(parts)} parts after ${first.toFixed(0)} ms`,
    value: all,
    aim: { atMost: 300 },
    unit: ' ms',
  });
  await again.close();
  await record.close();
}

async function restart(): Promise<void> {
  const { record, data } = await recordIn('restart');
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'runs.concurrency', value: atWork },
  });
  const first = new Parts(true);
  const runs = await openRuns(record, data, first);
  const wish = runWishSchema.parse({ invocation: { kind: 'plan', plan: planOf([[], [], [0, 1]]) } });
  await Promise.all(Array.from({ length: waiting + atWork }, () => runs.submit(wish, operator)));
  while (first.carried < Math.min(2 * atWork, partsAtOnce))
    await new Promise((resolve) => setTimeout(resolve, 5));
  await runs.close();
  const second = new Parts(true);
  const began = performance.now();
  const again = await openRuns(record, data, second);
  const ready = performance.now() - began;
  while (second.carried < Math.min(2 * atWork, partsAtOnce))
    await new Promise((resolve) => setTimeout(resolve, 1));
  const all = performance.now() - began;
  report({
    name: `restart with ${thousands(waiting)} queued and ${atWork} running runs`,
    figure: `${ready.toFixed(0)} ms, all at work after ${all.toFixed(0)} ms`,
    compared: 'opening the room of runs',
    value: all,
    aim: { atMost: 1000 },
    unit: ' ms',
  });
  await again.close();
  await record.close();
}

/** So much work of one processor, in a program that is everywhere. */
const work = ['sh', '-c', `i=0; while [ $i -lt ${quick ? 300_000 : 3_000_000} ]; do i=$((i+1)); done`];

/** The same commands bare, as many at a time as there are processors. */
async function ideal(count: number, wide: number): Promise<number> {
  const began = performance.now();
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const [program = '', ...args] = work;
      await once(spawn(program, args, { stdio: 'ignore' }), 'exit');
    }
  };
  await Promise.all(Array.from({ length: wide }, lane));
  return performance.now() - began;
}

async function contained(): Promise<void> {
  const wide = Math.min(2, availableParallelism());
  const count = quick ? 4 : 12;
  const data = join(folder, 'contained');
  mkdirSync(data, { mode: 0o711 });
  const daemon = await startDaemon(data, 0);
  const file = join(folder, 'work.json');
  const subtasks = Array.from({ length: count }, (_, i) => ({
    id: `work-${i}`,
    role: 'runner',
    params: { command: work },
  }));
  const { writeFileSync } = await import('node:fs');
  writeFileSync(file, JSON.stringify({ subtasks }));
  const args = ['submit', '--plan', file, '--parts', String(wide), '--json'];
  // What is loaded and made once is not what a part costs.
  await runCli(data, args);
  const said = await runCli(data, args);
  if (said.code !== 0) throw new Error(`the parts ended with ${said.code}: ${said.err}`);
  const lines = said.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind?: string; time?: string });
  const at = (kind: string) => Date.parse(lines.find((line) => line.kind === kind)?.time ?? '');
  const took = at('run.finished') - at('run.started');
  const least = await ideal(count, wide);
  await daemon.stop('SIGTERM');
  report({
    name: `${count} contained parts on ${wide} processors`,
    figure: `${(took / 1000).toFixed(1)} s`,
    compared: `the same commands bare: ${(least / 1000).toFixed(1)} s`,
    value: least / took,
    aim: { atLeast: 0.9 },
  });
}

try {
  await graphs();
  await opening();
  await restart();
  await contained();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
