import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainIssue } from './plain-issue.ts';

const said = (schema: z.ZodType, value: unknown) =>
  (schema.safeParse(value).error?.issues ?? []).map(plainIssue);

test.each<[z.ZodType, unknown, string]>([
  [z.strictObject({ a: z.string() }), {}, 'is missing'],
  [z.string(), 1, 'must be text'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.record(z.string(), z.string()), 'x', 'must be an object with fields'],
  [z.string().min(1), '', 'must have at least 1 character'],
  [z.array(z.string()).min(1), [], 'must have at least 1 entry'],
  [z.string().max(3), 'four', 'must have at most 3 characters'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 entries'],
  [z.number().max(0.5), 2, 'must be at most 0.5'],
  [z.number().gt(1000), 2, 'must be more than 1,000'],
  [z.enum(['on', 'off']), 'never', 'must be on or off'],
  [z.strictObject({}), { b: 1, c: 2 }, 'has no field “b” or “c”'],
  [z.string().regex(/^a/), 'b', 'is not written as it must be'],
  [z.union([z.string(), z.number()]), null, 'is not written as it must be'],
  [z.string().regex(/^a/, 'begins with a'), 'b', 'begins with a'],
  [z.string().refine(() => false, 'is no name'), 'b', 'is no name'],
])('%# a person reads what is wrong in plain words', (schema, value, words) => {
  expect(said(schema, value)).toEqual([words]);
});
