import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

const worker = someRole('worker');
const five: Plan = {
  subtasks: [part('a'), part('b'), part('c', ['a', 'b']), part('d', ['c']), part('e', ['d'])],
  final_output: '',
};
const goal = wish({ invocation: { kind: 'goal', goal: 'Do five things.', mode: 'plan' } });

test('a goal is planned, what failed is planned again with the results kept, and mistakes go back to the planner', async () => {
  const { begin, events } = await someRuns(somePlanRoom([worker]));
  const mended = {
    ...five,
    subtasks: five.subtasks.map((each) =>
      each.id === 'c' ? { ...each, params: { say: 'otherwise' } } : each,
    ),
  };
  let planned = 0;
  const parts = new ScriptedParts(({ name, message }) => {
    if (name === 'planner') {
      planned++;
      if (planned === 1) return { answer: 'I think that' };
      return { answer: JSON.stringify(planned === 2 ? five : mended) };
    }
    if (message === 'c')
      return { outcome: { label: 'work_failed', reason: 'No such page.' }, retry: 'tool_error' };
    return {};
  });
  const runs = await begin(parts);
  const { id } = await runs.submit(goal, operator);
  const run = await whenOver(runs, id);
  expect(run).toMatchObject({
    outcome: { label: 'success' },
    rounds: 2,
    counts: { done: 5 },
    result: 'e done',
  });
  expect(parts.said).toHaveLength(1);
  expect(parts.said[0]).toContain('It is no JSON.');
  expect(parts.begun.filter((name) => name === 'a' || name === 'b')).toHaveLength(2);
  const { subtasks } = await runs.plan(id, undefined);
  expect(subtasks.map(({ name, kept, round }) => [name, kept, round])).toEqual([
    ['a', true, 0],
    ['b', true, 0],
    ['c', false, 1],
    ['d', false, 1],
    ['e', false, 1],
  ]);
  expect((await runs.plan(id, 1)).plan).toEqual(five);
  const failed = { message: 'c', subtask: { round: 0, state: 'failed' } };
  expect(await runs.subtask(id, 'c', 1)).toMatchObject(failed);
  expect(await runs.subtask(id, 'c')).toMatchObject({
    message: 'otherwise',
    subtask: { round: 1, state: 'done' },
  });
  await expect(runs.subtask(id, 'c', 3)).rejects.toMatchObject({ code: 'not_found' });
  const kinds = (await events(id)).map(({ kind }) => kind);
  expect(kinds).toContain('plan.refused');
  expect(kinds).toContain('plan.replanned');
});

test('a part that failed is planned again with a stronger model, as far as its role has one', async () => {
  const role = someRole('worker', { models: ['mine/small', 'mine/large'] });
  const { begin, events } = await someRuns(somePlanRoom([role]));
  const one: Plan = { subtasks: [part('a')], final_output: '' };
  const runs = await begin(
    new ScriptedParts(({ name }, nth) => {
      if (name === 'planner') return { answer: JSON.stringify(one) };
      return nth === 3 ? {} : { outcome: { label: 'work_failed', reason: 'No.' }, retry: null };
    }),
  );
  const { id } = await runs.submit(goal, operator);
  expect(await whenOver(runs, id)).toMatchObject({ outcome: { label: 'success' }, rounds: 3 });
  expect((await runs.plan(id, undefined)).subtasks[0]).toMatchObject({ tier: 1, state: 'done' });
  const moved = (await events(id)).filter(({ kind }) => kind === 'subtask.model_escalated');
  expect(moved.map(({ data }) => (data as { reason: string }).reason)).toEqual(['replan_retry']);
});

test('it is planned again three times at most, and not where nothing can mend it', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const one: Plan = { subtasks: [part('a')], final_output: '' };
  const failing = (label: 'work_failed' | 'blocked') =>
    new ScriptedParts(({ name }) =>
      name === 'planner'
        ? { answer: JSON.stringify(one) }
        : { outcome: { label, reason: 'No.' }, retry: null },
    );
  const first = await begin(failing('work_failed'));
  const { id } = await first.submit(goal, operator);
  expect(await whenOver(first, id)).toMatchObject({ outcome: { label: 'work_failed' }, rounds: 4 });
  await first.close();
  const second = await begin(failing('blocked'));
  const other = await second.submit(goal, operator);
  expect(await whenOver(second, other.id)).toMatchObject({ outcome: { label: 'blocked' }, rounds: 1 });
});

test('a plan that asks for more waits for the person, also over a restart; the answer may widen it', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const plan: Plan = { subtasks: [part('a', [], { params: { beyond: ['example.org'] } })], final_output: '' };
  const first = await begin(new ScriptedParts());
  const { id } = await first.submit(wish({ invocation: { kind: 'plan', plan } }), operator);
  const asking = await whenRun(first, id, ({ state }) => state === 'asking');
  expect(asking.detail).toContain('example.org');
  await first.close();
  const parts = new ScriptedParts();
  const second = await begin(parts);
  await whenRun(second, id, ({ detail }) => detail?.includes('example.org') === true);
  await second.answerPlan(id, 'start', { plan: null, widen: true }, operator);
  const run = await whenOver(second, id);
  expect(run).toMatchObject({
    outcome: { label: 'success' },
    interrupted: 0,
    ceiling: { hosts: ['example.org'] },
  });
  const refused = await second.submit(wish({ invocation: { kind: 'plan', plan } }), operator);
  await whenRun(second, refused.id, ({ detail }) => detail?.includes('example.org') === true);
  await second.answerPlan(refused.id, 'refuse', { plan: null, widen: false }, operator);
  expect((await whenOver(second, refused.id)).outcome).toEqual({
    label: 'blocked',
    reason: 'Its plan was refused.',
  });
});

test('a plan with mistakes is refused at once, with all of them', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const runs = await begin(new ScriptedParts());
  const plan: Plan = {
    subtasks: [part('a', [], { role: 'x' }), part('b', [], { role: 'y' })],
    final_output: '',
  };
  await expect(runs.submit(wish({ invocation: { kind: 'plan', plan } }), operator)).rejects.toMatchObject({
    code: 'invalid_input',
    message: '“a”: there is no role “x”.\n“b”: there is no role “y”.',
  });
  expect(await runs.list({ most: 10 })).toEqual([]);
});
