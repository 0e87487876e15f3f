import type { z } from 'zod';
import { plainIssue } from '../../shared/plain-issue.ts';
import { type PlacedProblem, type PlacedText, placeText } from './placed-text.ts';

/** A file's text as what a schema describes. */
export interface ReadText<T> {
  /** Null where there are problems. */
  readonly value: T | null;
  readonly problems: readonly PlacedProblem[];
  readonly placed: PlacedText;
}

/** Reads fields with every mistake at its place; `nothing` is what is said of a text without any. */
export function readFields<S extends z.ZodType>(
  text: string,
  schema: S,
  nothing: string,
  place: (text: string) => PlacedText = placeText,
): ReadText<z.output<S>> {
  const placed = place(text);
  if (placed.problems.length > 0) return { value: null, problems: placed.problems, placed };
  if (typeof placed.value !== 'object' || placed.value === null || Array.isArray(placed.value)) {
    return { value: null, problems: [placed.at([], nothing)], placed };
  }
  const parsed = schema.safeParse(placed.value);
  if (parsed.success) return { value: parsed.data, problems: [], placed };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, placed, schema));
  return { value: null, problems, placed };
}

function problemsOf(issue: z.core.$ZodIssue, placed: PlacedText, schema: z.ZodType): PlacedProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(key, path, placed, schema));
  if (issue.code === 'invalid_union') {
    const first = issue.errors.find((each) => each.length > 0)?.[0];
    const tried = issue.errors.flatMap((each) => each.slice(0, 1).map(plainIssue));
    const place = [...path, ...(first?.path ?? [])];
    const why = tried.length > 0 ? `: ${[...new Set(tried)].join('; or ')}` : '';
    return [placed.at(place, `It fits none of what there may be${why}.`)];
  }
  const words = plainIssue(issue);
  return [placed.at(path, /^(is|has|must) /.test(words) ? `It ${words}.` : `It must be ${words}.`)];
}

function unknownField(
  key: string,
  path: readonly PropertyKey[],
  placed: PlacedText,
  schema: z.ZodType,
): PlacedProblem {
  const known = knownFields(path, schema);
  const near = known.find((field) => looksLike(field, key));
  const mend = near ? ` Did you mean “${near}”?` : known.length > 0 ? ` There are ${known.join(', ')}.` : '';
  return placed.at([...path, key], `There is no field “${key}”.${mend}`);
}

/** The same letters but for one or two, and the same first one: what was meant, where something was mistyped. */
function looksLike(field: string, key: string): boolean {
  const left = key.toLowerCase().replaceAll(/[_-]/g, '').split('');
  let missing = 0;
  for (const letter of field.replaceAll('_', '')) {
    const at = left.indexOf(letter);
    if (at < 0) missing++;
    else left.splice(at, 1);
  }
  return field[0] === key[0]?.toLowerCase() && missing + left.length <= 2;
}

function knownFields(path: readonly PropertyKey[], schema: z.ZodType): string[] {
  let shape: unknown = schema;
  for (const key of path) {
    const { shape: fields } = unwrapped(shape) as { shape?: Record<string, unknown> };
    shape = fields ? fields[String(key)] : elementOf(shape);
  }
  const { shape: fields } = unwrapped(shape) as { shape?: Record<string, unknown> };
  return fields ? Object.keys(fields) : [];
}

function unwrapped(schema: unknown): object {
  const inner = schema as { unwrap?: () => unknown } | undefined;
  return inner?.unwrap ? unwrapped(inner.unwrap()) : (inner ?? {});
}

/** What the fields of a list or of a map with names of its own look like. */
function elementOf(schema: unknown): unknown {
  const { element, valueType } = unwrapped(schema) as { element?: unknown; valueType?: unknown };
  return element ?? valueType;
}
