import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import type { SubtaskOrder } from '../sessions/subtask-sessions.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns, whenOver, wish } from './testing/some-runs.ts';

const worker = someRole('worker', { requireDeclaredOutput: true });
const leaves = (name: string) => ({ params: { outputs: [`${name}.txt`] } });
const chain: Plan = {
  subtasks: [part('a', [], leaves('a')), part('b', ['a'], leaves('b')), part('c', ['b'], leaves('c'))],
  final_output: '{run}/c.txt',
};

/** What each part leaves in the folder of its run. */
function leave({ runFolder, name }: SubtaskOrder): Record<string, never> {
  const path = join(runFolder, `${name}.txt`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${name} of ${runFolder}`);
  return {};
}

test('what failed is done again in a run of its own, with the files of the rest kept', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  let failing = true;
  const parts = new ScriptedParts((order) =>
    order.name === 'b' && failing
      ? { outcome: { label: 'work_failed', reason: 'Not yet.' }, retry: null }
      : leave(order),
  );
  const runs = await begin(parts);
  const first = await runs.submit(wish({ invocation: { kind: 'plan', plan: chain } }), operator);
  expect((await whenOver(runs, first.id)).outcome?.label).toBe('work_failed');
  failing = false;
  const retried = await runs.retry(first.id, operator);
  const run = await whenOver(runs, retried.id);
  expect(run).toMatchObject({ outcome: { label: 'success' }, forkOf: { run: first.id, from: ['b', 'c'] } });
  expect(parts.begun).toEqual(['a', 'b', 'b', 'c']);
  const { subtasks } = await runs.plan(run.id, undefined);
  expect(subtasks.map(({ name, kept }) => [name, kept])).toEqual([
    ['a', true],
    ['b', false],
    ['c', false],
  ]);
  const [kept] = subtasks[0]!.outputs;
  expect(kept?.path).toBe(join(run.folder!, 'a.txt'));
  expect(readFileSync(kept!.path, 'utf8')).toContain(first.id);
  expect(run.outputs.map(({ path }) => path)).toEqual([join(run.folder!, 'c.txt')]);
  expect(await runs.output(run.id, join(run.folder!, 'c.txt'), 0)).toMatchObject({ same: true, next: null });
  await expect(runs.output(run.id, '/etc/passwd', 0)).rejects.toMatchObject({ code: 'not_found' });
  await expect(runs.retry(run.id, operator)).rejects.toMatchObject({ code: 'conflict' });
});

test('a fork begins anew where it is told to, with other parameters; what it was forked from stays as it was', async () => {
  const { begin } = await someRuns(somePlanRoom([worker]));
  const parts = new ScriptedParts(leave);
  const runs = await begin(parts);
  const first = await runs.submit(wish({ invocation: { kind: 'plan', plan: chain } }), operator);
  const before = await whenOver(runs, first.id);
  const forked = await runs.fork(first.id, ['c'], { c: { say: 'louder' } }, operator);
  expect((await whenOver(runs, forked.id)).outcome?.label).toBe('success');
  expect(parts.begun).toEqual(['a', 'b', 'c', 'c']);
  expect((await runs.subtask(forked.id, 'c')).message).toBe('louder');
  expect(await runs.get(first.id)).toEqual(before);
});

test('a part that says it is done and leaves no file has failed', async () => {
  const { begin, events } = await someRuns(somePlanRoom([worker]));
  const runs = await begin(new ScriptedParts());
  const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan: chain } }), operator);
  const run = await whenOver(runs, id);
  expect(run.outcome?.label).toBe('work_failed');
  expect(run.outcome?.reason).toContain('did not leave');
  expect((await events(id)).map(({ kind }) => kind)).toContain('subtask.output_missing');
});
