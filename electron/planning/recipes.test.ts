import fc from 'fast-check';
import { readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planSchema } from '../../shared/plan.ts';
import { count } from '../base/test-counts.ts';
import { fillRecipe } from './recipes/fill-recipe.ts';
import { readRecipe } from './recipes/read-recipe.ts';
import { someCeiling, somePlanning } from './testing/some-planning.ts';

const roles = new Set(['runner', 'fetcher', 'assembler']);
const recipeOf = (text: string) => {
  const { value, problems } = readRecipe(text, roles);
  expect(problems).toEqual([]);
  return value!;
};

test('every mistake of a recipe is told with its place', () => {
  const text = [
    'name: bad',
    'title: Bad',
    'parameters:',
    '  run: { type: string }',
    '  kind: { type: choice }',
    '  many: { type: number, default: several }',
    'needs:',
    '  folders: [{ parameter: kind, mode: ro }]',
    "  hosts: ['{nobody}']",
    'plan:',
    '  subtasks:',
    '    - { id: a, role: cook, for_each: kind }',
    '    - id: b',
    '      role: runner',
    "      title: '{item}'",
    '      params:',
    "        command: [echo, '{whom}', '{{whom}}', '{run}']",
    "  final_output: '{output}'",
  ].join('\n');
  const { value, problems } = readRecipe(text, roles);
  expect(value).toBeNull();
  expect(problems.map(({ line, field }) => [line, field])).toEqual([
    [5, 'parameters.kind'],
    [6, 'parameters.many.default'],
    [4, 'parameters.run'],
    [8, 'needs.folders[0].parameter'],
    [9, 'needs.hosts[0]'],
    [12, 'plan.subtasks[0].role'],
    [12, 'plan.subtasks[0].for_each'],
    [17, 'plan.subtasks[1].params.command[1]'],
    [15, 'plan.subtasks[1].title'],
    [18, 'plan.final_output'],
  ]);
  expect(problems[7]?.message).toContain('Write {{whom}} where the braces are meant as they stand.');
});

const some = `
name: some
title: Some
parameters:
  list: { type: string_list, required: true }
  word: { type: string }
  flag: { type: boolean, default: true }
  where: { type: path }
needs:
  folders: [{ parameter: where, mode: rw }]
plan:
  subtasks:
    - id: each
      role: runner
      for_each: list
      title: 'Do {item}, {number} of many'
      params: { command: [echo, '{item}', 'x{word}y', '{word}', '{{word}}', '{list}'], report: '{run}/{number}' }
    - id: last
      role: assembler
      depends_on: [each]
      params: { inputs: ['{input.each}', '{run}/more'], output: '{run}/all', flag: '{flag}', where: '{where}' }
  final_output: '{run}/all'
`;

test('values take their places: each element, whole texts with their type, entries of lists, and what is not said', () => {
  const { plan, asks, problems } = fillRecipe(recipeOf(some), { list: ['a', '{run}'] });
  expect(problems).toEqual([]);
  expect(asks?.folders).toEqual([]);
  expect(plan?.subtasks).toEqual([
    expect.objectContaining({
      id: 'each-1',
      title: 'Do a, 1 of many',
      params: { command: ['echo', 'a', 'xy', '{word}', 'a', '{{run}}'], report: '{run}/1' },
    }),
    expect.objectContaining({ id: 'each-2', title: 'Do {{run}}, 2 of many' }),
    expect.objectContaining({
      depends_on: ['each-1', 'each-2'],
      params: {
        inputs: ['{input.each-1}', '{input.each-2}', '{run}/more'],
        output: '{run}/all',
        flag: true,
      },
    }),
  ]);
  const where = fillRecipe(recipeOf(some), { list: ['a'], where: '/home/me', word: '*' });
  expect(where.asks?.folders).toEqual([{ path: '/home/me', mode: 'rw' }]);
  expect(fillRecipe(recipeOf(some), { list: [] }).plan?.subtasks.map(({ id }) => id)).toEqual(['last']);
});

test('a folder is granted and named by where it really lies; one that is not there is a mistake', async () => {
  const { planning, folder } = somePlanning();
  const real = realpathSync(folder);
  symlinkSync(folder, join(folder, 'link'));
  const { plan, asks } = await planning.fill('find-duplicates', { folder: join(folder, 'link', 'roles') });
  expect(asks?.folders).toEqual([{ path: join(real, 'roles'), mode: 'ro' }]);
  expect(plan?.subtasks[0]?.params['command']).toContain(join(real, 'roles'));
  writeFileSync(join(folder, 'file'), '');
  for (const wrong of ['file', 'nowhere']) {
    const { problems } = await planning.fill('find-duplicates', { folder: join(folder, wrong) });
    expect(problems).toEqual([
      {
        parameter: 'folder',
        message: `There is no folder ${join(folder, wrong)} that could be looked into.`,
      },
    ]);
  }
});

test('a recipe with thousands of elements is filled and checked as one with two', async () => {
  const { planning } = somePlanning();
  const urls = Array.from({ length: 3000 }, (_, i) => `https://a.example/${i}`);
  const { plan, asks } = await planning.fill('digest', { urls });
  expect(asks?.hosts).toEqual(['a.example']);
  const ceiling = someCeiling({ ...asks });
  const checked = planning.check(plan!, await planning.roles.usable(), ceiling, { runFolder: '/runs/r1' });
  expect(checked.problems).toEqual([]);
  expect(checked.parts).toHaveLength(3001);
});

test('two values never make a place together', async () => {
  const { planning } = somePlanning();
  const usable = await planning.roles.usable();
  const text = `
name: joined
title: Joined
parameters: { a: { type: string }, b: { type: string } }
plan: { subtasks: [{ id: x, role: runner, params: { command: ['{a}{b}', '{{a}', '{run}{a}'] } }] }
`;
  const values = fc.array(fc.constantFrom('{', '}', 'run', '{run}', '{input.x}', 'x'), { maxLength: 3 });
  const joined = recipeOf(text);
  fc.assert(
    fc.property(values, values, (left, right) => {
      const [a, b] = [left.join(''), right.join('')];
      const { plan } = fillRecipe(joined, { a, b });
      if (!plan) return;
      const { parts } = planning.check(plan, usable, someCeiling(), { runFolder: '/runs/r1' });
      const command = parts[0]?.params['command'];
      expect(command).toEqual([a + b, `{${a}`, `/runs/r1${a}`]);
    }),
    { numRuns: count(300, 10_000) },
  );
});

test('what a run did becomes a recipe that does the same again', async () => {
  const { planning } = somePlanning();
  const usable = new Set((await planning.roles.usable()).keys());
  const text = fc
    .array(
      fc.constantFrom(
        '{',
        '}',
        '{run}',
        '{folder}',
        '{{x}}',
        '{x}',
        '/home/me',
        '/home/me/a',
        '/home/mean',
        ' ',
        'é\n',
      ),
      {
        maxLength: 5,
      },
    )
    .map((parts) => parts.join(''));
  const saved = { name: 'again', title: 'Again', description: '' };
  const ceiling = someCeiling({
    folders: [{ path: '/home/me', mode: 'review' }],
    hosts: ['a.example'],
    seconds: 60,
  });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (words) => {
      const plan = planSchema.parse({
        subtasks: [{ id: 'a', role: 'runner', params: { command: words, deep: { x: words } } }],
        final_output: words[0],
      });
      const { value, problems } = readRecipe(planning.asRecipe(plan, ceiling, saved), usable);
      expect(problems).toEqual([]);
      const filled = fillRecipe(value!, {});
      expect(filled.plan).toEqual(plan);
      expect(filled.asks).toMatchObject({ folders: ceiling.folders, hosts: ceiling.hosts, seconds: 60 });
      const elsewhere = fillRecipe(value!, { folder: '/srv/other' });
      expect(JSON.stringify(elsewhere.plan)).not.toMatch(/(?<![\w./-])\/home\/me(?=[/" ])/);
    }),
    { numRuns: count(200, 5000) },
  );
  const digest = await planning.recipeAsRecipe('digest', { urls: ['https://a.example/'] }, saved);
  expect(readRecipe(digest, usable).value).toMatchObject({
    name: 'again',
    title: 'Again',
    parameters: { urls: { default: ['https://a.example/'] } },
  });
});

test('a recipe of a person’s is saved, replaced when that is said, stands before the bundled one, and is removed', async () => {
  const { planning, folder } = somePlanning();
  const { recipes } = planning;
  const text = (await recipes.entry('digest')).text;
  await expect(recipes.save('other', text, false)).rejects.toThrow('The text is no recipe “other”.');
  expect(await recipes.save('digest', text, false)).toMatchObject({
    origin: 'yours',
    hides: true,
    problems: [],
  });
  await expect(recipes.save('digest', text, false)).rejects.toThrow(
    'There is a recipe “digest” of yours already.',
  );
  const file = join(folder, 'recipes', 'digest.yaml');
  await recipes.save('digest', `${text}# mine\n`, true);
  expect(readFileSync(file, 'utf8')).toContain('# mine');
  await recipes.remove('digest');
  expect((await recipes.entry('digest')).origin).toBe('bundled');
  await expect(recipes.remove('digest')).rejects.toThrow('comes with Holdfast and stays');
  await expect(recipes.get('nothing')).rejects.toThrow('There is no recipe “nothing”.');
});

test('whoever watches recipes is told of a change of a file, and of one that is broken', async () => {
  const { planning, folder } = somePlanning();
  const stop = new AbortController();
  const lists = planning.recipes.watch(stop.signal);
  expect((await lists.next()).value).toHaveLength(6);
  writeFileSync(join(folder, 'recipes', 'mine.yaml'), 'name: mine\n');
  const { value: changed } = await lists.next();
  expect(changed?.find(({ name }) => name === 'mine')?.problems.length).toBeGreaterThan(0);
  stop.abort();
  expect((await lists.next()).done).toBe(true);
});
