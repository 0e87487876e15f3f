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

test('a plan is carried out part by part, and its last answer is the result', async () => {
  const { begin, events } = await someRuns(somePlanRoom([worker]));
  const parts = new ScriptedParts();
  const runs = await begin(parts);
  const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  const run = await whenOver(runs, id);
  expect(run).toMatchObject({
    outcome: { label: 'success', reason: null },
    result: 'd done',
    rounds: 1,
    counts: { done: 4, waiting: 0 },
  });
  expect(parts.begun[0]).toBe('a');
  expect(parts.begun.slice(1, 3).toSorted()).toEqual(['b', 'c']);
  expect(parts.begun[3]).toBe('d');
  expect((await events(id)).map(({ kind }) => kind)).toEqual([
    'run.requested',
    'run.started',
    'plan.produced',
    'subtask.started',
    'subtask.finished',
    'subtask.started',
    'subtask.started',
    'subtask.finished',
    'subtask.finished',
    'subtask.started',
    'subtask.finished',
    'run.finished',
  ]);
  const { plan, subtasks } = await runs.plan(id, undefined);
  expect(plan).toEqual(diamond);
  expect(subtasks.map(({ name, state }) => [name, state])).toEqual([
    ['a', 'done'],
    ['b', 'done'],
    ['c', 'done'],
    ['d', 'done'],
  ]);
});

test('what fails keeps what follows from it back, and nothing else', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const parts = new ScriptedParts(({ name }) =>
    name === 'b' ? { outcome: { label: 'work_failed', reason: 'It could not.' }, retry: 'tool_error' } : {},
  );
  const runs = await begin(parts);
  const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  const run = await whenOver(runs, id);
  expect(run.outcome).toEqual({ label: 'work_failed', reason: '“b” failed: It could not.' });
  expect(run.counts).toMatchObject({ done: 2, failed: 1, skipped: 1 });
});

test('a run that is stopped leaves nothing running', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const parts = new ScriptedParts(({ name }) => (name === 'a' ? {} : 'waits'));
  const runs = await begin(parts);
  const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan: diamond } }), operator);
  await whenRun(runs, id, ({ counts }) => counts.running === 2);
  const run = await runs.stop(id, operator);
  expect(parts.open.size).toBe(0);
  expect(run.outcome).toEqual({ label: 'cancelled', reason: 'It was stopped by a person.' });
  expect(run.counts).toMatchObject({ done: 1, cancelled: 3 });
});
