import type { Command } from 'commander';
import type { DeclarationProblem } from '../../../shared/contract/agents.ts';
import type { RecipeEntry, RoleEntry } from '../../../shared/contract/planning.ts';
import type { Parameter } from '../../../shared/plan.ts';
import { plural } from '../../../shared/plural.ts';
import { insistOn } from '../ask.ts';
import { problemLines, problemText, readDeclaredText } from '../declared-text.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addPlanningVerbs(program: Command): void {
  addRoleVerbs(
    program
      .command('roles')
      .helpCommand(false)
      .summary('See and check the roles that plans are made of')
      .description('See and check the roles that plans are made of.'),
  );
  addRecipeVerbs(
    program
      .command('recipes')
      .helpCommand(false)
      .summary('See, make and check recipes')
      .description('See, make and check recipes: saved plans with parameters.'),
  );
}

function addRoleVerbs(roles: Command): void {
  verb(roles, 'list', 'Say which roles there are', 'holdfast roles list').action(async (options: Common) => {
    const { client, out } = openSession(options);
    const list = await client.roles.list();
    out.result(list, () => aligned(list.map((entry) => cells(entry, entry.role?.description))));
  });

  verb(roles, 'show <name>', 'Say what a role is given, and may do', 'holdfast roles show fetcher')
    .option('--text', 'its file instead')
    .action(async (name: string, options: Common & { text?: true }) => {
      const { client, out } = openSession(options);
      const entry = await client.roles.get({ name });
      out.result(entry, () => (options.text ? textLines(entry.text) : roleLines(entry)));
    });

  verb(
    roles,
    'validate <file>',
    'Say what is wrong with a role’s file; ends with 5 where something is',
    'holdfast roles validate ./my-role.yaml',
  ).action(async (file: string, options: Common) => {
    const { client, out } = openSession(options);
    const checked = await client.roles.validate({ text: await readDeclaredText(file) });
    out.result(checked, () => checkedLines(file, checked.problems, checked.role?.name));
    if (checked.problems.length > 0) process.exitCode = 5;
  });
}

function addRecipeVerbs(recipes: Command): void {
  verb(recipes, 'list', 'Say which recipes there are', 'holdfast recipes list').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const list = await client.recipes.list();
      out.result(list, () => aligned(list.map((entry) => cells(entry, entry.recipe?.title))));
    },
  );

  verb(
    recipes,
    'show <name>',
    'Say what a recipe does, is given, and asks to be allowed',
    'holdfast recipes show digest',
  )
    .option('--text', 'its file instead')
    .action(async (name: string, options: Common & { text?: true }) => {
      const { client, out } = openSession(options);
      const entry = await client.recipes.get({ name });
      out.result(entry, () => (options.text ? textLines(entry.text) : recipeLines(entry)));
    });

  verb(
    recipes,
    'validate <file>',
    'Say what is wrong with a recipe’s file; ends with 5 where something is',
    'holdfast recipes validate ./my-recipe.yaml',
  ).action(async (file: string, options: Common) => {
    const { client, out } = openSession(options);
    const checked = await client.recipes.validate({ text: await readDeclaredText(file) });
    out.result(checked, () => checkedLines(file, checked.problems, checked.recipe?.name));
    if (checked.problems.length > 0) process.exitCode = 5;
  });

  verb(
    recipes,
    'new <name>',
    'Make a recipe’s file, to be edited by you',
    'holdfast recipes new my-digest --like digest',
  )
    .option('--like <recipe>', 'begin with what another recipe says', 'clean-run')
    .option('--from <file>', 'take this file instead')
    .option('--replace', 'also where there is one of yours already')
    .action(async (name: string, options: Common & { like: string; from?: string; replace?: true }) => {
      const { client, out } = openSession(options);
      const text =
        options.from === undefined
          ? renamed((await client.recipes.get({ name: options.like })).text, name)
          : await readDeclaredText(options.from);
      const entry = await client.recipes.save({ name, text, replace: options.replace ?? false });
      out.result(entry, () => [`Its file is ${harmless(entry.file)}.`, ...problemLines(entry.problems)]);
    });

  verb(recipes, 'remove <name>', 'Remove a file of yours', 'holdfast recipes remove my-digest --yes')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      const { file } = await client.recipes.get({ name });
      await insistOn(`Remove ${file}?`, options.yes);
      await client.recipes.remove({ name });
      out.result({ name }, () => [`Removed ${harmless(file)}.`]);
    });
}

const renamed = (text: string, name: string) => text.replace(/^name:.*$/m, () => `name: ${name}`);

const textLines = (text: string) => text.trimEnd().split('\n').map(harmless);

function checkedLines(
  file: string,
  problems: readonly DeclarationProblem[],
  name: string | undefined,
): string[] {
  return problems.length > 0
    ? problems.map((problem) => tinted('bad', `${file}:${problemText(problem)}`))
    : [`It declares ${harmless(name ?? '')}, and is without a problem.`];
}

function cells(
  { name, origin, problems, needsModel }: Pick<RoleEntry, 'name' | 'origin' | 'problems' | 'needsModel'>,
  told = '',
): string[] {
  const [problem] = problems;
  const words = problem ? tinted('bad', problemText(problem)) : harmless(told);
  return [harmless(name), origin, problem ? '' : needsModel ? 'with a model' : 'no model', words];
}

function roleLines(entry: RoleEntry): string[] {
  const { role } = entry;
  if (!role) return [`${harmless(entry.file)} cannot work:`, ...problemLines(entry.problems)];
  const facts = [
    ['file', entry.file],
    ['done by', role.scaffold ? `code (${role.scaffold})` : (role.models[0] ?? 'the default model')],
    ['leaves', role.outputs.join(', ') || 'no file that it declares'],
    ['tried', plural(role.retry.attempts, 'time')],
  ];
  return [
    harmless(role.description),
    '',
    ...aligned(facts.map((row) => row.map(harmless))),
    ...parameterLines(role.parameters),
    '',
    'It may at most',
    ...role.capabilities.map((right) => `  ${harmless(right)}`),
  ];
}

function recipeLines(entry: RecipeEntry): string[] {
  const { recipe } = entry;
  if (!recipe) return [`${harmless(entry.file)} cannot be launched:`, ...problemLines(entry.problems)];
  const { needs, plan } = recipe;
  const modes = { ro: 'to read', rw: 'to read and write', review: 'for your review' };
  const facts = [
    ['file', entry.file],
    ['model', entry.needsModel ? 'needed by some of its parts' : 'none needed'],
    [
      'folders',
      needs.folders.map(({ parameter, mode }) => `{${parameter}} ${modes[mode]}`).join(', ') || 'none',
    ],
    ['hosts', needs.hosts.join(', ') || 'none'],
    ['parts', plan.subtasks.map(({ id, role }) => `${id} (${role})`).join(', ')],
  ];
  return [
    harmless(recipe.title),
    '',
    harmless(recipe.description),
    '',
    ...aligned(facts.map((row) => row.map(harmless))),
    ...parameterLines(recipe.parameters),
  ];
}

function parameterLines(parameters: Readonly<Record<string, Parameter>>): string[] {
  const rows = Object.entries(parameters).map(([name, { type, required, description, default: usual }]) => {
    const need =
      required && usual === undefined ? 'needed' : usual === undefined ? '' : `else ${JSON.stringify(usual)}`;
    return ['', name, type.replaceAll('_', ' '), need, description].map(harmless);
  });
  return rows.length > 0 ? ['', 'Parameters', ...aligned(rows)] : [];
}
