import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { planSchema } from '../../shared/plan.ts';
import { someCeiling, somePlanning } from '../planning/testing/some-planning.ts';
import { holdfast, startDaemon } from './testing/launch.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/plans.md', import.meta.url)), 'utf8');
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text ?? '');

test('the files and the commands of docs/plans.md do what the page says', { timeout: 60_000 }, async () => {
  const { folder } = await startDaemon();
  const [role = '', recipe = ''] = examples('yaml');
  writeFileSync(join(folder, 'summary.yaml'), role);
  writeFileSync(join(folder, 'morning.yaml'), recipe);
  writeFileSync(join(folder, 'broken.yaml'), 'name: broken\nparamters: {}\n');
  const said: Record<string, string> = {};
  for (const line of examples('console').join('').trimEnd().split('\n')) {
    const [, words = '', ending = '0'] = /^\$ holdfast (.*?)(?: {2}# ends with (\d+))?$/.exec(line) ?? [];
    const args = words.split(' ').map((word) => (word.endsWith('.yaml') ? join(folder, word) : word));
    const ran = await holdfast(folder, args);
    expect(ran.code, `${line}: ${ran.stderr}`).toBe(Number(ending));
    said[words] = ran.stdout;
  }
  expect(said['recipes list']).toMatch(/digest +bundled +no model +Fetch pages/);
  expect(said['recipes new my-digest --like digest']).toContain('my-digest.yaml');
  expect(said['roles show fetcher']).toContain('file_write: {workspace}');
  expect(said['roles validate broken.yaml']).toContain(
    'broken.yaml:2:1: paramters: There is no field “paramters”. Did you mean “parameters”?',
  );
  expect(said['recipes list']).toMatch(/morning +yours +with a model +What is new on these pages/);
  expect(said['recipes list']).not.toContain('my-digest');
});

test('the plan of docs/plans.md is one, with the rights that the page says', async () => {
  const { planning } = somePlanning();
  const plan = planSchema.parse(JSON.parse(examples('json')[0] ?? ''));
  const roles = await planning.roles.usable();
  const ceiling = someCeiling({ hosts: ['news.example'] });
  const { problems, parts, finalOutput } = planning.check(plan, roles, ceiling, { runFolder: '/runs/r1' });
  expect(problems).toEqual([]);
  expect(finalOutput).toBe('/runs/r1/new.md');
  expect(parts[1]?.params['inputs']).toEqual(['/runs/r1/front.html']);
  // The table of the page lists every bundled recipe, and every role is named.
  for (const { name } of await planning.recipes.list()) expect(page).toContain(`| \`${name}\``);
  for (const name of roles.keys()) expect(page).toContain(`\`${name}\``);
});
