import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { objectiveWishSchema } from '../../shared/objective.ts';
import { Problem } from '../../shared/problem.ts';
import { type Run, runWishSchema } from '../../shared/run.ts';
import { Agents } from '../agents/agents.ts';
import type { AuditRecord } from '../audit/record.ts';
import { openTestRecord } from '../audit/testing/open-test-record.ts';
import { newId } from '../base/ids.ts';
import { silentLog } from '../base/log.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { LaterObjectives } from './later-objectives.ts';
import { Objectives } from './objectives.ts';

const operator = { kind: 'operator' } as const;
const begun = new Date('2026-11-20T10:00:30Z');

/** Objectives over a real record, whose runs only come to be and end when the test says so. */
async function someObjectives(options: { random?: () => number; agents?: Record<string, string> } = {}) {
  const clock = new ManualClock(begun);
  const { record } = await openTestRecord(undefined, clock);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-objectives-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(options.agents ?? {})) writeFileSync(join(folder, name), text);
  const agents = new Agents({ bundled: join(folder, 'none'), own: folder });
  const runs: string[] = [];
  let refuses = false;
  const submit = async () => {
    if (refuses) throw new Problem('unavailable', 'There is no room.');
    const id = newId('run', clock.now());
    runs.push(id);
    await Promise.resolve();
    return { id } as Run;
  };
  const start = () => Promise.reject(new Problem('unavailable', 'There is none here.'));
  const parts = {
    record,
    clock,
    log: silentLog(),
    random: options.random ?? (() => 0),
    agents,
    runs: () => Promise.resolve({ submit }),
    work: () => Promise.resolve({ start }),
  };
  const open = async () => {
    const objectives = await Objectives.open(parts);
    onTestFinished(() => objectives.close());
    return objectives;
  };
  return { clock, record, runs, open, agentsFolder: folder, refuse: (now: boolean) => (refuses = now) };
}

const wish = (name: string, cron: string, policy: object = {}) => ({
  ...objectiveWishSchema.parse({
    name,
    timing: { cron, zone: 'UTC' },
    policy,
    work: { kind: 'run', wish: { invocation: { kind: 'goal', goal: 'Watch the tide.' } } },
  }),
  replace: false,
});

const finish = (record: AuditRecord, run: string, label: 'success' | 'work_failed' | 'cancelled') =>
  record.append({
    kind: 'run.finished',
    actor: { kind: 'system' },
    scope: { run: run as `run_${string}` },
    data: { outcome: { label, reason: label === 'success' ? null : 'low' }, outputs: [], seconds: 1 },
  });

/** Everything that was begun before has been decided when this resolves. */
const settled = (objectives: Objectives) => objectives.remove('nothing', operator).catch(() => undefined);

async function later(clock: ManualClock, objectives: Objectives, milliseconds: number): Promise<void> {
  // As timers do it: never further than to the next time that something is due.
  for (let left = milliseconds; left > 0; left -= 30_000) {
    clock.advance(Math.min(left, 30_000));
    await settled(objectives);
  }
}

/** What was heard of an end has been acted upon. */
async function afterEnd(objectives: Objectives, isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
  await settled(objectives);
}

const minutes = (count: number) => count * 60_000;
const whats = (objectives: Objectives) => objectives.get('tide').times.map(({ what }) => what);

test('what is due begins once each time, and its end is known', async () => {
  const { clock, record, runs, open } = await someObjectives();
  const objectives = await open();
  const made = await objectives.save(wish('tide', '*/5 * * * *'), operator);
  expect(made.next.slice(0, 2)).toEqual(['2026-11-20T10:05:00.000Z', '2026-11-20T10:10:00.000Z']);
  await later(clock, objectives, 269_000);
  expect(runs).toHaveLength(0);
  await later(clock, objectives, 1000);
  expect(objectives.get('tide').running).toBe(1);
  await finish(record, runs[0]!, 'success');
  expect(objectives.get('tide')).toMatchObject({
    running: 0,
    failures: 0,
    times: [
      { due: '2026-11-20T10:05:00.000Z', what: 'begins', thing: runs[0], outcome: 'success', ok: true },
    ],
  });
  await later(clock, objectives, minutes(5));
  expect(runs).toHaveLength(2);
  expect(objectives.get('tide').next[0]).toBe('2026-11-20T10:15:00.000Z');
});

test('a start exactly on a time begins at once; times that passed are left out, or made up for once', async () => {
  const one = await someObjectives();
  const first = await one.open();
  await first.save(wish('tide', '*/5 * * * *'), operator);
  await first.save(wish('moon', '*/5 * * * *', { catchUp: 'once' }), operator);
  await first.close();
  one.clock.advance(minutes(22) - 30_000);
  const again = await one.open();
  expect(one.runs).toHaveLength(1);
  expect(whats(again)).toEqual(['missed']);
  expect(again.get('moon').times).toMatchObject([{ what: 'begins', due: '2026-11-20T10:20:00.000Z' }]);
  await again.close();
  one.clock.advance(minutes(3));
  await one.open();
  // 10:25:00.000 it is now: both are due.
  expect(one.runs).toHaveLength(3);
});

test.each([
  ['allow', ['begins', 'begins', 'begins'], 3],
  ['skip', ['skipped', 'skipped', 'begins'], 1],
  ['queue', ['skipped', 'queued', 'begins'], 1],
])('where the one before still runs: %s', async (overlap, said, count) => {
  const { clock, runs, record, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '* * * * *', { overlap }), operator);
  await later(clock, objectives, minutes(2) + 30_000);
  expect(whats(objectives)).toEqual(said);
  expect(runs).toHaveLength(count);
  await finish(record, runs[0]!, 'success');
  await afterEnd(objectives, () => overlap !== 'queue' || runs.length === 2);
  expect(runs).toHaveLength(overlap === 'queue' ? 2 : count);
});

test('after failures it is left out for longer each time, and paused when there were too many', async () => {
  const { clock, runs, record, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '* * * * *', { backOff: true, pauseAfter: 3 }), operator);
  const isPaused = () => objectives.get('tide').paused;
  for (let failed = 0; failed < 3; failed++) {
    while (runs.length === failed) await later(clock, objectives, minutes(1));
    await finish(record, runs[failed]!, 'work_failed');
    await afterEnd(
      objectives,
      () => objectives.get('tide').failures === failed + 1 && isPaused() === (failed === 2),
    );
  }
  expect(whats(objectives)).toEqual(['begins', 'skipped', 'skipped', 'begins', 'skipped', 'begins']);
  expect(objectives.get('tide')).toMatchObject({
    paused: true,
    pausedBy: 'failures',
    pausedWhy: 'it failed 3 times in a row',
    next: [],
  });
  await later(clock, objectives, minutes(10));
  expect(runs).toHaveLength(3);
  expect(await objectives.resume('tide', operator)).toMatchObject({ paused: false, failures: 0 });
  await later(clock, objectives, minutes(1));
  expect(runs).toHaveLength(4);
});

test('what cannot be begun is a failure with its reason', async () => {
  const { clock, runs, open, refuse } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '* * * * *', { pauseAfter: 1 }), operator);
  refuse(true);
  await later(clock, objectives, minutes(1));
  expect(objectives.get('tide')).toMatchObject({
    running: 0,
    paused: true,
    times: [{ what: 'begins', thing: null, ok: false, reason: 'There is no room.' }],
  });
  await expect(objectives.run('tide', operator)).rejects.toThrow('There is no room.');
  refuse(false);
  expect(await objectives.run('tide', operator)).toMatchObject({ thing: runs[0], objective: { running: 1 } });
});

test('by chance it begins a little later, and not at all where it was paused meanwhile', async () => {
  const { clock, runs, open } = await someObjectives({ random: () => 0.5 });
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *', { jitterSeconds: 120 }), operator);
  await later(clock, objectives, minutes(4) + 30_000);
  expect(runs).toHaveLength(0);
  await later(clock, objectives, minutes(1));
  expect(runs).toHaveLength(1);
  await later(clock, objectives, minutes(4) + 30_000);
  await objectives.pause('tide', operator);
  await later(clock, objectives, minutes(2));
  expect(runs).toHaveLength(1);
});

test('what an earlier life had begun and nobody heard of is not begun a second time', async () => {
  const { clock, record, runs, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *', { catchUp: 'once', overlap: 'skip' }), operator);
  await objectives.close();
  clock.advance(minutes(5));
  const due = new Date('2026-11-20T10:05:00Z').toISOString();
  const data = { name: 'tide', due, what: 'begins', reason: null } as const;
  await record.append({ kind: 'objective.due', actor: { kind: 'system' }, data });
  const again = await open();
  expect(runs).toHaveLength(0);
  expect(again.get('tide')).toMatchObject({
    running: 0,
    times: [{ ok: false, reason: expect.stringContaining('ended before') }],
  });
});

test('what was begun is known by its own first event, where Holdfast ended before it was told', async () => {
  const { clock, record, runs, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *', { overlap: 'skip' }), operator);
  await objectives.close();
  clock.advance(minutes(5));
  const due = new Date('2026-11-20T10:05:00Z').toISOString();
  const data = { name: 'tide', due, what: 'begins', reason: null } as const;
  const system = { kind: 'system' } as const;
  const { seq } = await record.append({ kind: 'objective.due', actor: system, data });
  const run = newId('run', clock.now());
  const { ceiling } = runWishSchema.parse({ invocation: { kind: 'goal', goal: 'Look.' } });
  const asked = {
    title: 'Look.',
    kind: 'goal',
    priority: 128,
    ceiling,
    folder: '/',
    objective: seq,
  } as const;
  await record.append({ kind: 'run.requested', actor: system, scope: { run }, data: asked });
  const again = await open();
  expect(again.get('tide')).toMatchObject({ running: 1, times: [{ thing: run, ended: null }] });
  await later(clock, again, minutes(5));
  expect(runs).toHaveLength(0);
  await finish(record, run, 'success');
  await afterEnd(again, () => again.get('tide').running === 0);
  expect(again.get('tide').times.map(({ what, ok }) => [what, ok])).toEqual([
    ['skipped', null],
    ['begins', true],
  ]);
});

test('an agent whose file has a schedule is an objective, and no more when the schedule goes', async () => {
  const agents = { 'tide.yaml': 'name: tide\nsystem_prompt: Watch.\nlifecycle: scheduled(*/5 * * * *)\n' };
  const { open, runs } = await someObjectives({ agents });
  const objectives = await open();
  expect(objectives.list()).toMatchObject([
    { name: 'agent:tide', from: 'agent_file', timing: { cron: '*/5 * * * *' } },
  ]);
  await expect(objectives.remove('agent:tide', operator)).rejects.toMatchObject({ code: 'conflict' });
  await objectives.run('agent:tide', operator);
  expect(runs).toHaveLength(1);
});

test('a file may say the rules of its schedule, and what the agent is asked for', async () => {
  const agents = {
    'tide.yaml':
      'name: tide\nschedule:\n  cron: 0 7 * * 1-5\n  zone: Europe/Berlin\n  overlap: skip\n  pause_after: 3\n  task: Read the gauges.\n  unattended: deny\n',
    'moon.yaml': 'name: moon\nschedule: { cron: 0 7 * * 1-5, work_unit: T-1 }\n',
  };
  const { open } = await someObjectives({ agents });
  // A work unit is for commands alone: that file is wrong, and no other.
  expect((await open()).list()).toMatchObject([
    {
      name: 'agent:tide',
      timing: { cron: '0 7 * * 1-5', zone: 'Europe/Berlin' },
      policy: { overlap: 'skip', catchUp: 'none', pauseAfter: 3 },
      work: { wish: { invocation: { text: 'Read the gauges.' }, ceiling: { unattended: 'deny' } } },
    },
  ]);
});

test('what is no schedule is refused with what is wrong, and nothing is made', async () => {
  const { open } = await someObjectives();
  const objectives = await open();
  for (const cron of ['every day at noon', '61 * * * *', '* * * *', '0 0 31 2 *', '@daily  * * * *']) {
    await expect(objectives.save(wish('tide', cron), operator)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  }
  const nowhere = { ...wish('tide', '0 0 * * *'), timing: { cron: '0 0 * * *', zone: 'Mars/Olympus' } };
  await expect(objectives.save(nowhere, operator)).rejects.toThrow('Mars/Olympus');
  await objectives.save(wish('tide', '0 0 * * *'), operator);
  await expect(objectives.save(wish('tide', '0 1 * * *'), operator)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(objectives.list()).toHaveLength(1);
});

test('what begins a little later looks then whether the one before still runs', async () => {
  const { clock, runs, open } = await someObjectives({ random: () => 0.99 });
  const objectives = await open();
  await objectives.save(wish('tide', '* * * * *', { overlap: 'skip', jitterSeconds: 150 }), operator);
  await later(clock, objectives, minutes(6));
  expect(runs).toHaveLength(1);
  expect(whats(objectives).filter((what) => what === 'skipped').length).toBeGreaterThan(1);
});

test('one that was removed and made again while it waited by chance begins only by its own times', async () => {
  const { clock, runs, open } = await someObjectives({ random: () => 0.5 });
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *', { jitterSeconds: 120 }), operator);
  await later(clock, objectives, minutes(4) + 40_000);
  await objectives.remove('tide', operator);
  clock.advance(1000);
  await objectives.save(wish('tide', '0 0 1 1 *'), operator);
  await later(clock, objectives, minutes(3));
  expect(runs).toHaveLength(0);
});

test('nothing begins twice in one second, however often it is paused and gone on with', async () => {
  const { clock, runs, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *'), operator);
  await later(clock, objectives, minutes(4) + 30_000);
  expect(runs).toHaveLength(1);
  await objectives.pause('tide', operator);
  await objectives.resume('tide', operator);
  expect(runs).toHaveLength(1);
  await objectives.close();
  await open();
  expect(runs).toHaveLength(1);
});

test('a clock that is set back a little repeats nothing; one that was wrong by far is followed', async () => {
  const { clock, runs, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *'), operator);
  await later(clock, objectives, minutes(5));
  expect(runs).toHaveLength(1);
  clock.set(new Date('2026-11-20T10:04:50Z'));
  await later(clock, objectives, minutes(1));
  expect(runs).toHaveLength(1);
  clock.set(new Date('2027-11-20T10:04:50Z'));
  await later(clock, objectives, minutes(1));
  expect(runs).toHaveLength(2);
  // What is set is noticed within a minute.
  clock.set(new Date('2026-11-20T11:05:50Z'));
  await later(clock, objectives, minutes(5));
  expect(runs).toHaveLength(3);
  await objectives.close();
  const again = await open();
  await later(clock, again, minutes(5));
  expect(runs).toHaveLength(4);
});

test('what waited for the end of the one before begins also where that ended in another life', async () => {
  const { clock, runs, record, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '*/5 * * * *', { overlap: 'queue' }), operator);
  await later(clock, objectives, minutes(10));
  expect(whats(objectives)).toEqual(['queued', 'begins']);
  await objectives.close();
  await finish(record, runs[0]!, 'success');
  const again = await open();
  expect(runs).toHaveLength(2);
  expect(again.get('tide').times[0]).toMatchObject({ reason: 'it waited for the one before' });
});

test('failures are counted over as many times as were left out in between', async () => {
  const { clock, runs, record, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '* * * * *', { backOff: true, pauseAfter: 6 }), operator);
  for (let failed = 1; failed <= 6; failed++) {
    while (runs.length < failed) await later(clock, objectives, minutes(1));
    await finish(record, runs[failed - 1]!, 'work_failed');
    await afterEnd(objectives, () => {
      const { failures, paused } = objectives.get('tide');
      return failures === failed && paused === (failed === 6);
    });
  }
  // 1 + 2 + 4 + … were left out, more than are shown.
  expect(objectives.get('tide')).toMatchObject({ paused: true, pausedBy: 'failures', failures: 6 });
});

test('what somebody stopped is no failure; failures can be forgotten; who is removed leaves nothing to the next of its name', async () => {
  const { record, runs, open } = await someObjectives();
  const objectives = await open();
  await objectives.save(wish('tide', '0 0 1 1 *', { pauseAfter: 5 }), operator);
  await objectives.run('tide', operator);
  await finish(record, runs[0]!, 'work_failed');
  await objectives.run('tide', operator);
  await finish(record, runs[1]!, 'cancelled');
  expect(objectives.get('tide')).toMatchObject({
    failures: 1,
    times: [{ ok: null, outcome: 'cancelled' }, {}],
  });
  expect(await objectives.resume('tide', operator)).toMatchObject({ failures: 0, paused: false });
  // Another of the same name knows nothing of the one that was removed, whose run goes on.
  await objectives.run('tide', operator);
  await objectives.remove('tide', operator);
  await finish(record, runs[2]!, 'work_failed');
  const another = await objectives.save(wish('tide', '0 0 1 1 *'), operator);
  expect(another).toMatchObject({ times: [], failures: 0, running: 0 });
});

test('an agent that has another name is another objective; one whose file is changed counts from then on', async () => {
  const file = (name: string, cron: string) =>
    `name: ${name}\nsystem_prompt: Watch.\nlifecycle: scheduled(${cron})\n`;
  const { clock, agentsFolder, open, runs } = await someObjectives({
    agents: { 'tide.yaml': file('tide', '0 10 * * *') },
  });
  const objectives = await open();
  await objectives.pause('agent:tide', operator);
  writeFileSync(join(agentsFolder, 'tide.yaml'), file('tide', '*/20 * * * *'));
  await afterEnd(objectives, () => objectives.get('agent:tide').timing.cron === '*/20 * * * *');
  rmSync(join(agentsFolder, 'tide.yaml'));
  writeFileSync(join(agentsFolder, 'moon.yaml'), file('moon', '*/20 * * * *'));
  const names = () => objectives.list().map(({ name }) => name);
  await afterEnd(objectives, () => names().join() === 'agent:moon');
  expect(objectives.get('agent:moon')).toMatchObject({ paused: false, times: [] });
  await later(clock, objectives, minutes(20));
  expect(runs).toHaveLength(1);
});

test('who watches where there is none builds nothing, and hears of the first one', async () => {
  const { record, open } = await someObjectives();
  let built = 0;
  const rooms = new LaterObjectives(record, () => {
    built++;
    return open();
  });
  const leaving = new AbortController();
  const seen = rooms.watch(leaving.signal);
  expect((await seen.next()).value).toEqual([]);
  const next = seen.next();
  expect(built).toBe(0);
  const objectives = await rooms.open();
  await objectives.save(wish('tide', '0 0 1 1 *'), operator);
  let list = (await next).value ?? [];
  while (list.length === 0) list = (await seen.next()).value ?? [];
  expect(list).toMatchObject([{ name: 'tide' }]);
  leaving.abort();
  const idle = new AbortController();
  const nobody = new LaterObjectives({ rows: () => [] }, open).watch(idle.signal);
  await nobody.next();
  idle.abort();
  expect((await nobody.next()).done).toBe(true);
});
