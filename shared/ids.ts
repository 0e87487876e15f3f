import { z } from 'zod';

/** Ids carry their kind, so one verb can take any of them. */
export const idPrefixes = {
  event: 'evt',
  run: 'run',
  subtask: 'sub',
  session: 'ses',
  job: 'job',
  approval: 'apr',
  token: 'tok',
  capability: 'cap',
  bundle: 'bun',
  call: 'call',
  rule: 'rul',
  memory: 'mem',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;

/** 26 characters of Crockford's base 32: 48 bits of time, then 80 random bits. */
const body = '[0-9a-hjkmnp-tv-z]{26}';

const schemas = new Map<IdKind, unknown>();

/** One for each kind: they stand in hundreds of places, and every schema takes memory for as long as the house stands. */
export function idSchema<K extends IdKind>(kind: K): z.ZodType<Id<K>, Id<K>> {
  const made = schemas.get(kind) ?? makeSchema(kind);
  schemas.set(kind, made);
  return made as z.ZodType<Id<K>, Id<K>>;
}

function makeSchema(kind: IdKind): unknown {
  return z.templateLiteral([z.literal(`${idPrefixes[kind]}_`), z.string().regex(new RegExp(`^${body}$`))]);
}
