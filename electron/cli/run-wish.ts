import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { ApprovalLevel } from '../../shared/approval.ts';
import { plainIssue } from '../../shared/plain-issue.ts';
import { type Params, type Parameter, planSchema } from '../../shared/plan.ts';
import { Problem } from '../../shared/problem.ts';
import type { RecipeFile } from '../../shared/recipe.ts';
import type { Ceiling, runWishSchema } from '../../shared/run.ts';
import { sandboxKindSchema } from '../../shared/session.ts';
import type { Client } from './client.ts';
import type { Common } from './session.ts';
import { readFolder } from './shell-wish.ts';
import { readCount, readSeconds } from './values.ts';

export interface SubmitOptions extends Common {
  recipe?: string;
  plan?: string;
  agent?: string;
  param?: string[];
  folder?: string[];
  allowHost?: string[];
  sandbox?: string;
  image?: string;
  mode: 'auto' | 'plan' | 'direct';
  level?: ApprovalLevel;
  approvePlan: 'never' | 'always' | 'beyond';
  title?: string;
  dollars?: string;
  tokens?: string;
  time?: string;
  parts?: string;
  priority?: string;
  deny?: true;
  detach?: true;
  preview?: true;
}

type RunWishInput = z.input<typeof runWishSchema>;
type Asks = Partial<Pick<Ceiling, 'folders' | 'hosts' | 'sandbox' | 'image' | 'seconds'>>;

/** What the arguments of `holdfast submit` ask for. A recipe is granted what it asks for; what is given here comes first. */
export async function runWishFrom(
  client: Client,
  goal: string | undefined,
  options: SubmitOptions,
  here: string,
): Promise<RunWishInput> {
  const { invocation, asks, called = null } = await invocationFrom(client, goal, options, here);
  const given = (options.folder ?? []).map((text) => readFolder(text, here));
  const named = new Set(given.map(({ path }) => path));
  const { title = called, approvePlan, deny, level, tokens, time, parts, priority } = options;
  return {
    invocation,
    title,
    approvePlan,
    ...(priority === undefined ? {} : { priority: readCount('--priority', priority, 0, 255) }),
    ceiling: {
      folders: [...given, ...(asks.folders ?? []).filter(({ path }) => !named.has(path))],
      hosts: [...new Set([...(options.allowHost ?? []), ...(asks.hosts ?? [])])],
      sandbox: sandboxOf(options.sandbox) ?? asks.sandbox ?? 'namespace',
      image: options.image ?? asks.image ?? null,
      ...(level === undefined ? {} : { approvals: level }),
      unattended: deny ? 'deny' : 'wait',
      tokens: tokens === undefined ? null : readCount('--tokens', tokens, 1, Number.MAX_SAFE_INTEGER),
      micros: options.dollars === undefined ? null : readDollars(options.dollars),
      seconds: time === undefined ? (asks.seconds ?? null) : readSeconds('--time', time),
      concurrency: parts === undefined ? null : readCount('--parts', parts, 1, 64),
    },
  };
}

async function invocationFrom(
  client: Client,
  goal: string | undefined,
  options: SubmitOptions,
  here: string,
): Promise<{ invocation: RunWishInput['invocation']; asks: Asks; called?: string }> {
  const { recipe, plan, agent, mode } = options;
  const ways = [recipe, plan].filter((way) => way !== undefined).length + (goal === undefined ? 0 : 1);
  if (ways !== 1 || (agent !== undefined && goal === undefined)) {
    throw new Problem(
      'invalid_input',
      ways === 0 ? 'There is nothing to do.' : 'Give one of a goal, --recipe and --plan.',
      'For instance: `holdfast submit --recipe clean-run --param command=true`.',
    );
  }
  if (recipe !== undefined) return recipeFrom(client, recipe, options.param ?? [], here);
  if (options.param)
    throw new Problem('invalid_input', 'Only a recipe has parameters.', 'Leave --param out.');
  if (plan !== undefined) {
    return { invocation: { kind: 'plan', plan: await readPlanFile(resolve(here, plan)) }, asks: {} };
  }
  const text = goal ?? '';
  if (agent !== undefined) return { invocation: { kind: 'agent', agent, text }, asks: {} };
  return { invocation: { kind: 'goal', goal: text, mode }, asks: {} };
}

async function recipeFrom(client: Client, name: string, given: readonly string[], here: string) {
  const { recipe } = await client.recipes.get({ name });
  if (!recipe) {
    throw new Problem(
      'invalid_input',
      `The recipe “${name}” has mistakes.`,
      `\`holdfast recipes show ${name}\` lists them.`,
    );
  }
  const params = readParams(given, recipe, here);
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- it is no array
  const { problems, asks } = await client.recipes.fill({ name, params });
  if (problems.length > 0) {
    const words = problems.map(({ parameter, message }) =>
      parameter === null ? message : `${parameter}: ${message}`,
    );
    throw new Problem(
      'invalid_input',
      words.join('\n'),
      `\`holdfast recipes show ${name}\` says what it takes.`,
    );
  }
  return {
    invocation: { kind: 'recipe' as const, recipe: name, params },
    asks: asks ?? {},
    called: recipe.title,
  };
}

/** `name=value`; repeated ones are a list, and a path is one of here. */
function readParams(given: readonly string[], { parameters }: RecipeFile, here: string): Params {
  const texts = new Map<string, string[]>();
  for (const text of given) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === '')
      throw new Problem('invalid_input', `--param ${text} is not understood.`, 'Write NAME=VALUE.');
    texts.set(name, [...(texts.get(name) ?? []), value]);
  }
  return Object.fromEntries(
    [...texts].map(([name, values]) => [name, readValue(name, values, parameters[name], here)]),
  );
}

function readValue(
  name: string,
  values: string[],
  parameter: Parameter | undefined,
  here: string,
): Params[string] {
  if (parameter?.type === 'string_list') return values;
  const [value = ''] = values;
  if (values.length > 1) throw new Problem('invalid_input', `“${name}” takes one value, not several.`);
  if (parameter?.type === 'path') return resolve(here, value);
  if (parameter?.type === 'number')
    return Number.isNaN(Number(value)) || value.trim() === '' ? value : Number(value);
  if (parameter?.type === 'boolean')
    return /^(true|yes|1)$/i.test(value) || (/^(false|no|0)$/i.test(value) ? false : value);
  return value;
}

async function readPlanFile(path: string) {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (failure) {
    throw new Problem('invalid_input', `${path} cannot be read as a plan: ${(failure as Error).message}`);
  }
  const plan = planSchema.safeParse(value);
  if (plan.success) return plan.data;
  const words = plan.error.issues
    .slice(0, 20)
    .map((issue) => `${issue.path.join('.') || 'the plan'} ${plainIssue(issue)}`);
  throw new Problem('invalid_input', `${path} is no plan: ${words.join('; ')}.`, 'See docs/plans.md.');
}

function sandboxOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const kind = sandboxKindSchema.safeParse(text);
  if (kind.success) return kind.data;
  throw new Problem(
    'invalid_input',
    `--sandbox ${text} is not understood.`,
    'There are “namespace” and “container”.',
  );
}

function readDollars(text: string): number {
  const micros = Math.round(Number(text) * 1_000_000);
  if (Number.isSafeInteger(micros) && micros >= 1) return micros;
  throw new Problem('invalid_input', `--dollars ${text} is no amount.`, 'Give one such as 0.50.');
}

/** What a run may do at most, a line each. */
export function deedWords({
  folders,
  hosts,
  sandbox,
}: Pick<Ceiling, 'folders' | 'hosts' | 'sandbox'>): string[] {
  const modes = { ro: 'reads', rw: 'reads and changes', review: 'reads, and changes after you agree' };
  return [
    ...folders.map(({ path, mode }) => `It ${modes[mode]} ${path}`),
    hosts.length > 0 ? `It connects to ${hosts.join(', ')}` : 'It connects to nothing',
    `It works in ${sandbox === 'container' ? 'containers' : 'sandboxes'}, and in a folder of its own`,
  ];
}
