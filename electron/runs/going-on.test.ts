import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

const worker = someRole('worker');
const diamond: Plan = {
  subtasks: [part('a'), part('b', ['a']), part('c', ['a']), part('d', ['b', 'c'])],
  final_output: '',
};

test('a run goes on in the next life with what was done, and says that it was interrupted', async () => {
  const { begin, events } = await someRuns(somePlanRoom([worker]));
  const first = await begin(new ScriptedParts(({ name }) => (name === 'b' ? 'waits' : {})));
  const { id } = await first.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  await whenRun(first, id, ({ counts }) => counts.done === 2 && counts.running === 1);
  await first.close();
  const parts = new ScriptedParts();
  const second = await begin(parts);
  const run = await whenOver(second, id);
  expect(run).toMatchObject({ outcome: { label: 'success' }, interrupted: 1, counts: { done: 4 } });
  expect(parts.begun).toEqual(['b', 'd']);
  const started = (await events(id)).filter(({ kind }) => kind === 'subtask.started');
  expect(started.map(({ data }) => (data as { name: string }).name).toSorted()).toEqual(['a', 'b', 'c', 'd']);
});

test('what a run that is not over goes on from is never pruned', async () => {
  const { begin, record } = await someRuns(somePlanRoom([worker]));
  const first = await begin(new ScriptedParts(() => 'waits'));
  const { id } = await first.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  await whenRun(first, id, ({ counts }) => counts.running === 1);
  await first.close();
  const none = {
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'blobs.maxBytes', value: 1_000_000 },
  } as const;
  await record.append(none);
  const content = Buffer.alloc(1_000_000, 7);
  const blobs = [{ name: 'large.bin', type: 'application/octet-stream', content }];
  await record.append({ kind: 'record.noted', actor: operator, data: { text: 'large' }, blobs });
  expect((await record.prune({ dryRun: false, by: operator })).left.count).toBeGreaterThan(0);
  const second = await begin(new ScriptedParts());
  expect((await whenOver(second, id)).outcome?.label).toBe('success');
});

test('one that was to be stopped when Holdfast ended is stopped by the next life', async () => {
  const { begin, record } = await someRuns(somePlanRoom([worker]));
  const first = await begin(new ScriptedParts(() => 'waits'));
  const { id } = await first.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  await whenRun(first, id, ({ counts }) => counts.running === 1);
  await first.close();
  await record.append({
    kind: 'run.cancelled',
    actor: operator,
    scope: { run: id },
    data: { reason: 'It was stopped by a person.' },
  });
  const parts = new ScriptedParts(() => 'waits');
  const second = await begin(parts);
  const run = await whenOver(second, id);
  expect(run.outcome?.label).toBe('cancelled');
  expect(parts.open.size).toBe(0);
});

test('a run that is paused begins nothing more, also after a restart, until it is let go on', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const parts = new ScriptedParts(({ name }) => (name === 'a' ? 'waits' : {}));
  const first = await begin(parts);
  const { id } = await first.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  await whenRun(first, id, ({ counts }) => counts.running === 1);
  expect((await first.pause(id, operator)).state).toBe('paused');
  expect(parts.rested).toEqual([`pause ${parts.open.get('a')!.session}`]);
  parts.open.get('a')!.end();
  await whenRun(first, id, ({ counts }) => counts.done === 1 && counts.ready === 2);
  await first.close();
  const second = await begin(new ScriptedParts());
  expect(await second.get(id)).toMatchObject({ state: 'paused', counts: { done: 1 } });
  await second.resume(id, operator);
  expect(await whenOver(second, id)).toMatchObject({ outcome: { label: 'success' }, interrupted: 0 });
});

test('only so many runs work at once, the highest priority first, and the queue outlives a restart', async () => {
  const { begin, record } = await someRuns(somePlanRoom([worker]));
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'runs.concurrency', value: 1 },
  });
  const one: Plan = { subtasks: [part('only')], final_output: '' };
  const first = await begin(new ScriptedParts(() => 'waits'));
  const submit = (priority: number) =>
    first.submit(wish({ invocation: { kind: 'plan', plan: one }, priority }), operator);
  const [busy, low, high] = [await submit(100), await submit(10), await submit(200)];
  await whenRun(first, busy.id, ({ counts }) => counts.running === 1);
  expect((await first.list({ most: 10, state: 'queued' })).map(({ id }) => id)).toEqual([high.id, low.id]);
  await first.close();
  const second = await begin(new ScriptedParts());
  await Promise.all([busy, low, high].map(({ id }) => whenOver(second, id)));
  const { events } = await record.query({ filter: { kinds: ['run.started'] }, limit: 10 });
  expect(events.toReversed().map(({ scope }) => scope.run)).toEqual([busy.id, high.id, low.id]);
});

test('what failed is tried again as its role says, on a stronger model where what was seen calls for it', async () => {
  const role = someRole('worker', {
    models: ['mine/small', 'mine/large'],
    retry: { attempts: 3, on: ['model_error'] },
  });
  const { begin, events } = await someRuns(somePlanRoom([role]));
  const parts = new ScriptedParts((_order, nth) =>
    nth === 1
      ? { outcome: { label: 'work_failed', reason: 'Cut.' }, retry: 'model_error', signals: ['max_tokens'] }
      : {},
  );
  const runs = await begin(parts);
  const plan: Plan = { subtasks: [part('only')], final_output: '' };
  const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan } }), operator);
  expect((await whenOver(runs, id)).outcome?.label).toBe('success');
  const { subtasks } = await runs.plan(id, undefined);
  expect(subtasks[0]).toMatchObject({ state: 'done', attempt: 2, tier: 1 });
  expect((await events(id)).map(({ kind }) => kind)).toContain('subtask.model_escalated');
});

test('the time of a run that is over ends it, and says so', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const parts = new ScriptedParts(() => 'waits');
  const runs = await begin(parts);
  const { id } = await runs.submit(
    wish({ invocation: { kind: 'plan', plan: diamond }, ceiling: { seconds: 1 } }),
    operator,
  );
  const run = await whenOver(runs, id);
  expect(run.outcome).toEqual({
    label: 'timed_out',
    reason: 'It took longer than the 1 seconds it may take.',
  });
  expect(parts.open.size).toBe(0);
});
