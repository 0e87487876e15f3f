import { z } from 'zod';
import { miswritten } from './miswritten.ts';

type Json = z.infer<ReturnType<typeof z.json>>;
const paramsSchema = z.record(z.string(), z.json());
const deepest = 16;

/** JSON with its names in order, so that equal values have equal texts. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name]!)}`);
  return `{${members.join(',')}}`;
}

/** The parameters of a custom capability: a JSON object of bounded depth, in its canonical form. */
export function readParams(value: unknown, field: string, offset = 0): Record<string, Json> {
  const params = isShallow(value, deepest) ? paramsSchema.safeParse(value) : undefined;
  if (params?.success) return JSON.parse(canonicalJson(params.data)) as Record<string, Json>;
  throw miswritten(
    { field, offset },
    'the parameters are no JSON object.',
    `Write them as in {"to":"staging"}, at most ${deepest} levels deep.`,
  );
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
