import { z } from 'zod';
import { commandPatternSchema } from './capability/command-pattern.ts';
import { hostPatternSchema } from './capability/host-pattern.ts';
import { isPlain } from './capability/miswritten.ts';
import { isPathPattern } from './capability/path-pattern.ts';

const path = z.string().max(4096).refine(isPathPattern, 'is no path pattern');

/** A name as people give them; lists are written with commas and brackets, so a name has none. */
export const nameSchema = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => isPlain(name) && !/^\s|\s$|[,[\]]/.test(name), 'is no name');

/** `*` for all, or names in order, each once. */
const names = z
  .array(nameSchema)
  .min(1)
  .max(200)
  .refine((list) => inOrder(list) && (list.length === 1 || !list.includes('*')), 'are not in order');

const hosts = z.array(hostPatternSchema).min(1).max(500);

/** One right with its scope, in its one canonical form; `readCapability` makes it from what people write. */
export const capabilitySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file_read'), path }),
  z.strictObject({ kind: z.literal('file_write'), path }),
  z.strictObject({ kind: z.literal('exec'), command: commandPatternSchema }),
  z.strictObject({ kind: z.literal('network'), hosts }),
  z.strictObject({ kind: z.literal('tool'), name: nameSchema }),
  z.strictObject({ kind: z.literal('spawn_agent'), names }),
  z.strictObject({ kind: z.literal('message'), targets: names }),
  z.strictObject({ kind: z.literal('web_search') }),
  z.strictObject({ kind: z.literal('cargo_run'), folder: path }),
  z.strictObject({ kind: z.literal('git_commit'), folder: path }),
  z.strictObject({
    kind: z.literal('custom'),
    name: z.string().min(1).max(500).refine(isPlain, 'is no name'),
    params: z.record(z.string(), z.json()),
  }),
]);
export type Capability = z.infer<typeof capabilitySchema>;
export type CapabilityKind = Capability['kind'];

/** How often and how long a token counts; `null` sets no limit. */
export const limitsSchema = z.strictObject({
  uses: z.int().min(1).nullable().describe('how often in all'),
  perMinute: z.int().min(1).max(10_000).nullable().describe('how often within any 60 seconds'),
  expires: z.iso.datetime().nullable(),
});
export type Limits = z.infer<typeof limitsSchema>;

export const unlimited: Limits = { uses: null, perMinute: null, expires: null };

/** Why an agent may not do what it wants to do, each with its end of the sentence “refused: …”. */
export const denialReasons = {
  unknown_token: 'no such token',
  another_agents_token: 'the token belongs to another agent',
  revoked: 'the token was revoked',
  expired: 'the token’s time is over',
  outside_grant: 'outside what the token grants',
  several_names: 'the file has further names (hard links), perhaps outside the grant',
  unclear_path: 'the path could not be resolved for certain',
  used_up: 'the token is used up',
  too_often: 'too often within one minute',
} as const;
export const denialReasonSchema = z.enum(
  Object.keys(denialReasons) as [keyof typeof denialReasons, ...(keyof typeof denialReasons)[]],
);
export type DenialReason = z.infer<typeof denialReasonSchema>;

function inOrder(list: readonly string[]): boolean {
  return list.every((name, i) => i === 0 || list[i - 1]! < name);
}
