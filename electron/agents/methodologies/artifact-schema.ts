import type { ErrorObject, ValidateFunction } from 'ajv';
import { pointerStep } from '../../base/json-places.ts';
import { inTime } from '../../base/in-time.ts';

const mostIssues = 50;

/** What a document has against it, at its JSON pointer. */
export interface DocumentIssue {
  readonly pointer: string;
  readonly message: string;
}

export interface ArtifactSchema {
  /** Empty where the document is valid; `tookTooLong` alone where nobody can say. */
  issues(document: unknown): readonly DocumentIssue[];
}

/** Of a schema that nobody waits for to the end. */
export const tooSlow = 'It takes too long to be read.';

export const tookTooLong: readonly DocumentIssue[] = [
  { pointer: '', message: 'It takes too long to be checked by its schema.' },
];

/** Checks a schema, and documents by it; a text says why it cannot. Nothing that it names elsewhere is fetched. */
export async function artifactSchema(schema: unknown): Promise<ArtifactSchema | string> {
  if (typeof schema === 'boolean') {
    return { issues: () => (schema ? [] : [{ pointer: '', message: 'Nothing is valid here.' }]) };
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return 'A schema is an object.';
  const { $schema: draft = latest, ...rest } = schema as Record<string, unknown>;
  const compile = typeof draft === 'string' ? await compilerOf(draft) : null;
  if (!compile) return 'Its “$schema” is none of the drafts 2020-12, 2019-09, 7 and 6.';
  let validate: ValidateFunction | undefined;
  try {
    validate = inTime(() => compile(rest));
  } catch (failure) {
    return `It is no JSON Schema: ${(failure as Error).message.replace(/\.?$/, '.')}`;
  }
  if (!validate) return tooSlow;
  const ready = validate;
  return { issues: (document) => issuesOf(ready, document) };
}

const latest = 'https://json-schema.org/draft/2020-12/schema';
const options = { strict: false, allErrors: true, validateFormats: false, logger: false } as const;

/** Loaded where the first schema is read. */
async function compilerOf(draft: string): Promise<((schema: object) => ValidateFunction) | null> {
  if (draft.includes('draft/2020-12/')) {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    return (schema) => new Ajv2020(options).compile(schema);
  }
  if (draft.includes('draft/2019-09/')) {
    const { Ajv2019 } = await import('ajv/dist/2019.js');
    return (schema) => new Ajv2019(options).compile(schema);
  }
  if (!/draft-0[67]\//.test(draft)) return null;
  const { Ajv } = await import('ajv');
  return (schema) => new Ajv(options).compile(schema);
}

function issuesOf(validate: ValidateFunction, document: unknown): readonly DocumentIssue[] {
  const checked = inTime(() => ({ valid: validate(document), errors: validate.errors ?? [] }));
  if (!checked) return tookTooLong;
  return checked.valid ? [] : told(checked.errors);
}

/** What a schema says by way of others is told where it says it itself. */
const roundabout = new Set(['if', 'allOf', '$ref']);

function told(errors: readonly ErrorObject[]): DocumentIssue[] {
  const own = errors.filter(({ keyword }) => !roundabout.has(keyword));
  return (own.length > 0 ? own : errors).slice(0, mostIssues).map(issueOf);
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
  null: 'null',
};

function issueOf({ instancePath, keyword, params, message = '' }: ErrorObject): DocumentIssue {
  const at = (words: string, pointer = instancePath) => ({ pointer, message: words });
  const said = params as Record<string, unknown>;
  const { missingProperty, additionalProperty, unevaluatedProperty, type, allowedValues, allowedValue } =
    said;
  switch (keyword) {
    case 'required':
      return at(`“${String(missingProperty)}” is missing.`);
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const field = String(additionalProperty ?? unevaluatedProperty);
      return at(`There is no field “${field}”.`, instancePath + pointerStep(field));
    }
    case 'type': {
      const wanted = [type].flat().map((one) => kinds[String(one)] ?? String(one));
      return at(`It must be ${wanted.join(' or ')}.`);
    }
    case 'enum':
      return at(`It must be ${(allowedValues as unknown[]).map((one) => JSON.stringify(one)).join(' or ')}.`);
    case 'const':
      return at(`It must be ${JSON.stringify(allowedValue)}.`);
    case 'minLength':
      return at(said['limit'] === 1 ? 'It must not be empty.' : sentence(message));
    default:
      return at(sentence(message));
  }
}

function sentence(message: string): string {
  const plain = message.replace(/^must NOT/, 'must not');
  return `${/^(must|is|has) /.test(plain) ? 'It ' : ''}${plain.replace(/\.?$/, '.')}`;
}
