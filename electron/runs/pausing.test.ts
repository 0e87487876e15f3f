import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import type { Runs } from './runs.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

const one: Plan = { subtasks: [part('a')], final_output: '' };
const goal = wish({ invocation: { kind: 'goal', goal: 'Do one thing.', mode: 'plan' } });
const room = () => someRuns(somePlanRoom([someRole('worker')]));

/** A planner that thinks until a test lets it answer; the part itself is done at once. */
const slowly = () => new ScriptedParts(({ name }) => (name === 'planner' ? 'waits' : {}));

async function planning(runs: Runs, id: string, parts: ScriptedParts): Promise<void> {
  await whenRun(runs, id, ({ detail }) => detail === 'It is planned.');
  while (!parts.open.has('planner')) await setImmediate();
}

test('a run that is paused while it is planned lets its planner rest, and begins nothing until it goes on', async () => {
  const { begin, events } = await room();
  const parts = slowly();
  const runs = await begin(parts);
  const { id } = await runs.submit(goal, operator);
  await planning(runs, id, parts);
  const planner = parts.open.get('planner')!;
  expect((await runs.pause(id, operator)).state).toBe('paused');
  expect(parts.rested).toEqual([`pause ${planner.session}`]);
  // What it was about to say when it was paused counts, and nothing follows from it yet.
  planner.end({ answer: JSON.stringify(one) });
  await whenRun(runs, id, ({ rounds }) => rounds === 1);
  expect(await runs.get(id)).toMatchObject({ state: 'paused', counts: { running: 0, done: 0 } });
  expect(parts.begun).toEqual(['planner']);
  await runs.resume(id, operator);
  expect(await whenOver(runs, id)).toMatchObject({ outcome: { label: 'success' }, counts: { done: 1 } });
  expect(parts.begun).toEqual(['planner', 'a']);
  const kinds = (await events(id)).map(({ kind }) => kind);
  expect(kinds.indexOf('run.resumed')).toBeLessThan(kinds.indexOf('subtask.started'));
});

test('a planner is not given its mistakes while the run is paused', async () => {
  const { begin, record } = await room();
  const parts = new ScriptedParts(({ message }) =>
    message.startsWith('That plan') ? { answer: JSON.stringify(one) } : 'waits',
  );
  const runs = await begin(parts);
  const { id } = await runs.submit(goal, operator);
  await planning(runs, id, parts);
  await runs.pause(id, operator);
  parts.open.get('planner')!.end({ answer: 'I think that' });
  const refused = { from: 0, filter: { run: id, kinds: ['plan.refused'] } };
  for await (const { events } of record.follow(refused, AbortSignal.timeout(20_000))) {
    if (events.length > 0) break;
  }
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  expect(parts.said).toEqual([]);
  await runs.resume(id, operator);
  await whenRun(runs, id, ({ counts }) => counts.running === 1);
  expect(parts.said).toHaveLength(1);
});

test('a run that was paused while it was planned is paused in the next life, and goes on when it is told to', async () => {
  const { begin } = await room();
  const first = await begin(slowly());
  const { id } = await first.submit(goal, operator);
  await whenRun(first, id, ({ detail }) => detail === 'It is planned.');
  await first.pause(id, operator);
  await first.close();
  const parts = new ScriptedParts(({ name }) => (name === 'planner' ? { answer: JSON.stringify(one) } : {}));
  const second = await begin(parts);
  expect((await second.get(id)).state).toBe('paused');
  await second.resume(id, operator);
  expect((await whenOver(second, id)).outcome?.label).toBe('success');
  expect(parts.begun).toEqual(['planner', 'a']);
  // A session of the life before rests until it is told otherwise.
  expect(parts.rested[0]).toMatch(/^resume ses_/);
});

test('parts that rested when Holdfast ended go on when the run does, however early that is', async () => {
  const { begin } = await room();
  const first = await begin(new ScriptedParts(() => 'waits'));
  const { id } = await first.submit(wish({ invocation: { kind: 'plan', plan: one } }), operator);
  await whenRun(first, id, ({ counts }) => counts.running === 1);
  await first.pause(id, operator);
  await first.close();
  const parts = new ScriptedParts(() => 'waits');
  const second = await begin(parts);
  await second.resume(id, operator);
  while (!parts.open.has('a')) await setImmediate();
  const { session } = parts.open.get('a')!;
  expect(parts.rested.at(-1)).toBe(`resume ${session}`);
  parts.open.get('a')!.end();
  expect((await whenOver(second, id)).outcome?.label).toBe('success');
});

test('a run that is stopped while it is planned was stopped, and did not fail, paused or not', async () => {
  const { begin } = await room();
  const parts = slowly();
  const runs = await begin(parts);
  const cancelled = { label: 'cancelled', reason: 'It was stopped by a person.' };
  const first = await runs.submit(goal, operator);
  await planning(runs, first.id, parts);
  expect((await runs.stop(first.id, operator)).outcome).toEqual(cancelled);
  const second = await runs.submit(goal, operator);
  await planning(runs, second.id, parts);
  await runs.pause(second.id, operator);
  expect((await runs.stop(second.id, operator)).outcome).toEqual(cancelled);
});
