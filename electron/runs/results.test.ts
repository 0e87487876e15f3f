import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { operator, someRuns, whenOver, wish } from './testing/some-runs.ts';

test('a file that no part could write is nobody’s result, and is shown to nobody, whatever a plan declares', async () => {
  const roles = [someRole('worker'), someRole('strict', { requireDeclaredOutput: true })];
  const { data, begin } = await someRuns(somePlanRoom(roles));
  const runs = await begin(new ScriptedParts());
  const secret = join(data, 'secret');
  writeFileSync(secret, 'nobody’s business');
  const submit = async (role: string, final_output: string) => {
    const part = { id: 'a', role, params: { outputs: [secret] }, depends_on: [], current_model_tier: 0 };
    const plan: Plan = { subtasks: [part], final_output };
    const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan } }), operator);
    return whenOver(runs, id);
  };
  for (const run of [
    await submit('worker', ''),
    await submit('worker', secret),
    await submit('strict', ''),
  ]) {
    expect(run.outputs).toEqual([]);
    await expect(runs.output(run.id, secret, 0)).rejects.toMatchObject({ code: 'not_found' });
  }
  expect((await submit('worker', secret)).outcome?.label).not.toBe('success');
  expect((await submit('strict', '')).outcome?.reason).toContain('did not leave');
});
