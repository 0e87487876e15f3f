import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { operator, someRuns, whenOver, wish } from './testing/some-runs.ts';

test('a run is given folders by where they really lie, and none that is not there', async () => {
  const { begin, folder } = await someRuns(somePlanRoom([someRole('worker')]));
  const runs = await begin(new ScriptedParts());
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  const plan: Plan = { subtasks: [part('a')], final_output: '' };
  const at = (name: string) =>
    wish({
      invocation: { kind: 'plan', plan },
      ceiling: { folders: [{ path: join(folder, name), mode: 'rw' }] },
    });
  const { id } = await runs.submit(at('link'), operator);
  const { ceiling } = await whenOver(runs, id);
  expect(ceiling.folders).toEqual([{ path: join(folder, 'real'), mode: 'rw' }]);
  await expect(runs.submit(at('nowhere'), operator)).rejects.toThrow(
    `There is no folder ${join(folder, 'nowhere')} that could be looked into.`,
  );
});
