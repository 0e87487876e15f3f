import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

const worker = someRole('worker');
const plan: Plan = {
  subtasks: [
    part('dear'),
    part('after', ['dear']),
    part('long'),
    part('broken'),
    part('both', ['dear', 'broken']),
  ],
  final_output: '',
};
const used = { outcome: { label: 'budget_exhausted', reason: 'The budget of the run is used up.' } } as const;
const broken = { outcome: { label: 'work_failed', reason: 'It could not.' } } as const;

/** A budget refuses `dear` once; `long` works until the test ends it. */
const scripted = () =>
  new ScriptedParts(({ name }, nth) => {
    if (name === 'long') return 'waits';
    if (name === 'broken') return broken;
    return name === 'dear' && nth === 1 ? used : {};
  });

const asked = wish({ invocation: { kind: 'plan', plan }, ceiling: { tokens: 1000, seconds: 600 } });

test('a budget raised while its run is at work holds at once, and what it had refused begins again', async () => {
  const { begin, events } = await someRuns(somePlanRoom([worker]));
  const parts = scripted();
  const runs = await begin(parts);
  const { id } = await runs.submit(asked, operator);
  await whenRun(runs, id, ({ counts }) => counts.failed === 2 && counts.skipped === 2);
  const raised = await runs.raise(id, { tokens: 5000 }, operator);
  expect(raised.ceiling).toMatchObject({ tokens: 5000, micros: null, seconds: 600 });
  expect(parts.rested).toEqual(['raise 5000']);
  await whenRun(runs, id, ({ counts }) => counts.done === 2 && counts.failed === 1 && counts.skipped === 1);
  parts.open.get('long')!.end();
  expect(await whenOver(runs, id)).toMatchObject({ outcome: { label: 'work_failed' }, counts: { done: 3 } });
  expect(parts.begun.toSorted()).toEqual(['after', 'broken', 'dear', 'dear', 'long']);
  const told = (await events(id)).find(({ kind }) => kind === 'run.budget_raised');
  expect(told).toMatchObject({
    actor: operator,
    data: { from: { tokens: 1000, micros: null, seconds: 600 }, ceiling: { tokens: 5000 }, again: ['dear'] },
  });
});

test('what was to begin again when Holdfast ended begins in the next life, under the raised budget', async () => {
  const { begin, record } = await someRuns(somePlanRoom([worker]));
  const first = await begin(scripted());
  const { id, ceiling } = await first.submit(asked, operator);
  await whenRun(first, id, ({ counts }) => counts.failed === 2);
  await first.close();
  const from = { tokens: 1000, micros: null, seconds: 600 };
  const data = { from, ceiling: { ...ceiling, tokens: 5000 }, again: ['dear'] };
  await record.append({ kind: 'run.budget_raised', actor: operator, scope: { run: id }, data });
  const budgets: (number | null)[] = [];
  const parts = new ScriptedParts(({ runBudget }) => {
    budgets.push(runBudget.tokens);
    return {};
  });
  const second = await begin(parts);
  expect(await whenOver(second, id)).toMatchObject({ counts: { done: 3, failed: 1, skipped: 1 } });
  expect(parts.begun.toSorted()).toEqual(['after', 'dear', 'long']);
  expect(budgets).toEqual([5000, 5000, 5000]);
});

test('of a run that is over, what is retried has the raised budget', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const budgets: (number | null)[] = [];
  const runs = await begin(
    new ScriptedParts(({ runBudget }) => {
      budgets.push(runBudget.tokens);
      return budgets.length === 1 ? used : {};
    }),
  );
  const one: Plan = { subtasks: [part('dear')], final_output: '' };
  const { id } = await runs.submit(
    wish({ invocation: { kind: 'plan', plan: one }, ceiling: { tokens: 1000 } }),
    operator,
  );
  expect((await whenOver(runs, id)).outcome?.label).toBe('budget_exhausted');
  await runs.raise(id, { tokens: 2000 }, operator);
  const retried = await runs.retry(id, operator);
  expect((await whenOver(runs, retried.id)).outcome?.label).toBe('success');
  expect(budgets).toEqual([1000, 2000]);
  await expect(runs.raise(retried.id, { tokens: 3000 }, operator)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('nothing is taken away, and what has no bound gets none', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const runs = await begin(new ScriptedParts(() => 'waits'));
  const { id } = await runs.submit(asked, operator);
  await whenRun(runs, id, ({ counts }) => counts.running === 3);
  await expect(runs.raise(id, { tokens: 999 }, operator)).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(runs.raise(id, { micros: 5 }, operator)).rejects.toMatchObject({ code: 'conflict' });
  await expect(runs.raise(id, {}, operator)).rejects.toMatchObject({ code: 'invalid_input' });
  expect((await runs.get(id)).ceiling).toMatchObject({ tokens: 1000, micros: null });
});

test('a run with more time than before is ended when that is over, not earlier', async () => {
  const deadlines = new Set<() => void>();
  const clock: Clock = {
    now: () => systemClock.now(),
    after(milliseconds, call) {
      if (milliseconds < 30_000) return systemClock.after(milliseconds, call);
      deadlines.add(call);
      return () => deadlines.delete(call);
    },
  };
  const { begin } = await someRuns(somePlanRoom([worker]), { clock });
  const runs = await begin(new ScriptedParts(() => 'waits'));
  const one: Plan = { subtasks: [part('long')], final_output: '' };
  const { id } = await runs.submit(
    wish({ invocation: { kind: 'plan', plan: one }, ceiling: { seconds: 600 } }),
    operator,
  );
  await whenRun(runs, id, ({ counts }) => counts.running === 1);
  const [first] = deadlines;
  await runs.raise(id, { seconds: 1200 }, operator);
  const [second, ...more] = deadlines;
  expect(second).not.toBe(first);
  expect(more).toEqual([]);
  second!();
  expect((await whenOver(runs, id)).outcome).toEqual({
    label: 'timed_out',
    reason: 'It took longer than the 1200 seconds it may take.',
  });
});
