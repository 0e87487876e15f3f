import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { modelRefSchema } from '../../../shared/conversation.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';
import {
  knownFileSchema,
  type KnownModel,
  knownModelSchema,
  type KnownProvider,
  knownProviderSchema,
  providerNameSchema,
} from './known-schema.ts';

export interface Known {
  readonly asOf: string | null;
  readonly providers: ReadonlyMap<string, KnownProvider>;
  readonly models: ReadonlyMap<string, KnownModel>;
  /** What is wrong in the person's own file, each a sentence with its place. */
  readonly problems: readonly string[];
}

const mostBytes = 4_000_000;

type Raw = Record<string, unknown>;

/** The bundled file, and over it the person's own where there is one. */
export async function readKnown(bundled: string, own: string): Promise<Known> {
  const problems: string[] = [];
  const base = await readRaw(bundled, problems);
  const over = await readRaw(own, problems);
  return {
    asOf: over.asOf ?? base.asOf,
    providers: merged(base.providers, over.providers, providerNameSchema, knownProviderSchema, own, problems),
    models: merged(base.models, over.models, modelRefSchema, knownModelSchema, own, problems),
    problems,
  };
}

async function readRaw(path: string, problems: string[]) {
  const nothing = { asOf: null, providers: {} as Raw, models: {} as Raw };
  let text: string;
  try {
    if ((await stat(path)).size > mostBytes) throw new Error('it is too large');
    text = await readFile(path, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT')
      problems.push(`${path} cannot be read: ${(failure as Error).message}.`);
    return nothing;
  }
  try {
    const { parse } = await import('yaml');
    const { as_of, providers, models } = knownFileSchema.parse(parse(text, { maxAliasCount: 20 }) ?? {});
    return { asOf: as_of ?? null, providers: providers ?? {}, models: models ?? {} };
  } catch (failure) {
    problems.push(`${path} is left out: ${sentence(failure)}.`);
    return nothing;
  }
}

function merged<T>(
  base: Raw,
  over: Raw,
  name: z.ZodType,
  entry: z.ZodType<T>,
  path: string,
  problems: string[],
): ReadonlyMap<string, T> {
  const result = new Map<string, T>();
  for (const [key, value] of Object.entries(base)) result.set(key, entry.parse(value));
  for (const [key, value] of Object.entries(over)) {
    const known = base[key];
    const whole = isObject(known) && isObject(value) ? { ...known, ...value } : value;
    const checked = name.safeParse(key);
    const parsed = entry.safeParse(whole);
    if (checked.success && parsed.success) result.set(key, parsed.data);
    else problems.push(`${path}: ${key} is left out: ${sentence(checked.error ?? parsed.error)}.`);
  }
  return result;
}

const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sentence(failure: unknown): string {
  const { issues } = failure as Partial<z.ZodError>;
  if (!issues) return (failure as Error).message.split('\n', 1)[0] ?? '';
  return issues
    .slice(0, 5)
    .map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${plainIssue(issue)}`)
    .join('; ');
}
