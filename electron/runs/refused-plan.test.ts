import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

test('a plan that was refused is never carried out, also where Holdfast ended at that moment', async () => {
  const { begin, record } = await someRuns(somePlanRoom([someRole('worker')]));
  const before = await begin(new ScriptedParts());
  const plan: Plan = { subtasks: [part('a')], final_output: '' };
  const { id } = await before.submit(
    wish({ invocation: { kind: 'plan', plan }, approvePlan: 'always' }),
    operator,
  );
  await whenRun(before, id, ({ state }) => state === 'asking');
  await before.close();
  // The answer is on the record, and nothing that follows from it.
  const data = { answer: 'refuse' as const, changed: false };
  await record.append({ kind: 'plan.answered', actor: operator, scope: { run: id }, data });
  const parts = new ScriptedParts();
  const run = await whenOver(await begin(parts), id);
  expect(parts.begun).toEqual([]);
  expect(run.outcome).toEqual({ label: 'blocked', reason: 'Its plan was refused.' });
});
