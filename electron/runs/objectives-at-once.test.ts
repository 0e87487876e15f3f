import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { objectiveWishSchema } from '../../shared/objective.ts';
import { Agents } from '../agents/agents.ts';
import { silentLog } from '../base/log.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { count } from '../base/test-counts.ts';
import { Objectives } from './objectives.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns } from './testing/some-runs.ts';
import { someRole, somePlanRoom } from './testing/some-plan-room.ts';

const many = count(30, 200);

test(`${many} objectives that are due at once begin once each, and no more of them work than runs may`, async () => {
  const { record, begin } = await someRuns(somePlanRoom([someRole('worker')]));
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'runs.concurrency', value: 3 },
  });
  const parts = new ScriptedParts();
  const runs = await begin(parts);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-objectives-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = new ManualClock(new Date('2026-11-20T10:00:30Z'));
  const objectives = await Objectives.open({
    record,
    clock,
    log: silentLog(),
    random: () => 0,
    agents: new Agents({ bundled: join(folder, 'none'), own: folder }),
    runs: () => Promise.resolve(runs),
    work: () => Promise.reject(new Error('none here')),
  });
  onTestFinished(() => objectives.close());
  const work = { kind: 'run', wish: { invocation: { kind: 'goal', goal: 'Look.', mode: 'direct' } } };
  const timing = { cron: '5 10 * * *', zone: 'UTC' };
  const made = Array.from({ length: many }, (_, i) =>
    objectives.save(
      { ...objectiveWishSchema.parse({ name: `o${i}`, timing, work }), replace: false },
      operator,
    ),
  );
  await Promise.all(made);
  const over = new AbortController();
  let ended = 0;
  const all = (async () => {
    for await (const { events } of record.follow(
      { from: 0, filter: { kinds: ['run.finished'] } },
      over.signal,
    )) {
      ended += events.length;
      if (ended === many) return;
    }
  })();
  clock.advance(4 * 60_000 + 30_000);
  await all;
  over.abort();
  const [{ begun } = { begun: 0 }] = record.rows(
    "SELECT count(DISTINCT thing) AS begun FROM objective_times WHERE what = 'begins' AND ok = 1",
  );
  expect(begun).toBe(many);
  expect(objectives.list().every(({ times, running }) => times.length === 1 && running === 0)).toBe(true);
  expect(parts.begun).toHaveLength(many);
  expect(parts.most).toBeLessThanOrEqual(3);
});
