import type { Ajv as AjvType, ErrorObject, ValidateFunction } from 'ajv';
import { z } from 'zod';
import { inTime } from '../../base/in-time.ts';

/** What an input has against it, in words for the model; null: nothing. */
export type InputCheck = (input: unknown) => string | null;

const mostIssues = 10;
const options = { strict: false, allErrors: false, validateFormats: false, logger: false } as const;

/** Of a schema that somebody else wrote: a text says why it cannot be used. Nothing that it names elsewhere is fetched. */
export async function inputCheck(schema: Readonly<Record<string, unknown>>): Promise<InputCheck | string> {
  const { $schema: draft, ...rest } = schema;
  const ajv = await compilerOf(draft);
  return checkBy(ajv, rest);
}

/** Each argument by a schema that the person wrote. */
export async function argumentsCheck(
  schemas: Readonly<Record<string, unknown>>,
): Promise<InputCheck | string> {
  const properties = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isSchema(schema) ? schema : { const: schema }]),
  );
  return checkBy(await compilerOf(undefined), { type: 'object', properties });
}

/** As tools hold it: any object, checked by somebody else’s schema. */
export function asInput(checks: readonly InputCheck[]): z.ZodType<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).superRefine((input, context) => {
    for (const check of checks) {
      const message = check(input);
      if (message !== null) return context.addIssue({ code: 'custom', message });
    }
  });
}

async function compilerOf(draft: unknown): Promise<AjvType> {
  const is7 = typeof draft === 'string' && /draft-0[67]/.test(draft);
  const { default: module } = is7 ? await import('ajv') : await import('ajv/dist/2020.js');
  // The types are written for another way of importing it.
  const Ajv = ((module as unknown as { default?: unknown }).default ?? module) as typeof AjvType;
  return new Ajv(options);
}

function checkBy(ajv: AjvType, schema: object): InputCheck | string {
  let validate: ValidateFunction | undefined;
  try {
    validate = inTime(() => ajv.compile(schema));
  } catch (failure) {
    return `Its schema is none: ${(failure as Error).message}`;
  }
  if (!validate) return 'Its schema takes too long to be read.';
  const ready = validate;
  // Only a pattern can be made to try for years; to look at the clock costs more than most checks.
  const mayLast = JSON.stringify(schema).includes('"pattern');
  return (input) => {
    const fits = mayLast ? inTime(() => ready(input)) : ready(input);
    if (fits === undefined) return 'It takes too long to be checked by the schema.';
    return fits ? null : (ready.errors ?? []).slice(0, mostIssues).map(issueWords).join('; ');
  };
}

function issueWords({ instancePath, message }: ErrorObject): string {
  return `${instancePath === '' ? 'It' : instancePath} ${message ?? 'does not fit'}`;
}

function isSchema(value: unknown): value is object | boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'boolean';
}
