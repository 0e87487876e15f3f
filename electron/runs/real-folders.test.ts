import { mkdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../shared/plan.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

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

test('whoever was given exactly these folders gets no others: one that was swapped for a link is refused', async () => {
  const { begin, folder, record } = await someRuns(somePlanRoom([someRole('worker')]));
  const runs = await begin(new ScriptedParts());
  const [given, other] = [join(folder, 'given'), join(folder, 'other')];
  for (const each of [given, other]) mkdirSync(each);
  const asked = wish({
    invocation: { kind: 'plan', plan: { subtasks: [part('a')], final_output: '' } },
    ceiling: { folders: [{ path: given, mode: 'rw' }] },
  });
  const { id } = await runs.submitExactly(asked, operator);
  expect((await whenOver(runs, id)).ceiling.folders).toEqual([{ path: given, mode: 'rw' }]);
  rmdirSync(given);
  symlinkSync(other, given);
  await expect(runs.submitExactly(asked, operator)).rejects.toThrow(`${given} leads somewhere else now.`);
  const { events } = await record.query({ filter: { kinds: ['run.requested'] }, limit: 10 });
  expect(events).toHaveLength(1);
});

/** Asks for the folder of its one parameter, as far as the ceiling does not hold it. */
const asking = () =>
  somePlanRoom([someRole('worker')], {
    check(plan, roles, ceiling, ground) {
      const { parts, problems } = somePlanRoom([someRole('worker')]).check(plan, roles, ceiling, ground);
      const wanted = plan.subtasks.flatMap(({ params: { folder, fixed } }) =>
        [folder, fixed].filter((path) => typeof path === 'string'),
      );
      const folders = wanted
        .filter((path) => !ceiling.folders.some((held) => held.path === path))
        .map((path) => ({ path, mode: 'ro' as const }));
      return { problems, parts, wants: { folders, hosts: [] }, beyond: wanted, finalOutput: null };
    },
  });

test('a folder that a plan is given more of is granted where it really lies, and the plan names it so', async () => {
  const { begin, folder } = await someRuns(asking());
  const runs = await begin(new ScriptedParts());
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  const planOf = (path: string): Plan => ({
    subtasks: [part('a', [], { params: { folder: path, say: `Look into ${path}.` } })],
    final_output: '',
  });
  const asked = async (path: string) => {
    const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan: planOf(path) } }), operator);
    await whenRun(runs, id, ({ detail }) => detail?.includes(path) === true);
    return id;
  };
  const widen = (id: string) => runs.answerPlan(id, 'start', { plan: null, widen: true }, operator);

  const linked = await asked(join(folder, 'link'));
  await widen(linked);
  const real = { path: join(folder, 'real'), mode: 'ro' };
  expect((await whenOver(runs, linked)).ceiling.folders).toEqual([real]);
  const { plan } = await runs.plan(linked, undefined);
  expect(plan?.subtasks[0]?.params).toEqual({ folder: real.path, say: `Look into ${join(folder, 'link')}.` });

  const lost = await asked(join(folder, 'nowhere'));
  await expect(widen(lost)).rejects.toThrow(`There is no folder ${join(folder, 'nowhere')}`);
  expect((await runs.get(lost)).state).toBe('asking');
  expect((await runs.get(lost)).ceiling.folders).toEqual([]);
});
