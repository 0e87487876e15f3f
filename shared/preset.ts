import { z } from 'zod';
import { presetNameSchema } from './command-agent.ts';

/** A command-line agent that Holdfast knows, as it is on this machine. */
export const presetLookSchema = z.strictObject({
  name: presetNameSchema,
  title: z.string(),
  description: z.string(),
  program: z
    .strictObject({
      path: z.string(),
      version: z.string().nullable().describe('read from its package or its path; null: it says none there'),
      folders: z.array(z.string()).describe('that a sandbox has to be given, to read only, for it to start'),
    })
    .nullable()
    .describe('null: not on the search path, or nothing to be looked for'),
  terminal: z.boolean().describe('whether it has a form for a terminal'),
  hosts: z.array(z.string()),
  writable: z.array(z.string()).describe('places below its home'),
  credential: z.strictObject({ variable: z.string(), secret: z.string(), stored: z.boolean() }).nullable(),
  signIn: z
    .strictObject({
      source: z.string().describe('folder of this machine'),
      place: z.string().describe('below the agent’s home'),
      signedIn: z.boolean(),
      hosts: z.array(z.string()),
      consequence: z.string(),
    })
    .nullable(),
  gateway: z
    .strictObject({ wire: z.enum(['messages', 'chat', 'responses', 'any']), needsModel: z.boolean() })
    .nullable(),
  missing: z
    .array(z.strictObject({ what: z.enum(['program', 'model']), message: z.string(), mend: z.string() }))
    .describe('what keeps it from working as it is; empty: it can be used'),
});
export type PresetLook = z.infer<typeof presetLookSchema>;
