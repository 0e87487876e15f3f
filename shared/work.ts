import { z } from 'zod';
import { agentNameSchema } from './agent.ts';
import { mostAttachments } from './attachment-limits.ts';
import { segmentSchema } from './command-agent.ts';
import { terminalSizeSchema } from './session.ts';

/** What a command agent is handed: exactly one of these, or nothing. */
export const workInputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('work_unit'), id: segmentSchema }),
  z.strictObject({ kind: z.literal('request'), text: z.string().trim().min(1).max(100_000) }),
  z.strictObject({ kind: z.literal('artifact'), type: segmentSchema, id: segmentSchema, document: z.json() }),
]);
export type WorkInput = z.infer<typeof workInputSchema>;

/** A file that is only to be read in the sandbox, by its bytes. */
export const attachmentSchema = z.strictObject({ name: segmentSchema, data: z.base64().max(11_200_000) });
export type Attachment = z.infer<typeof attachmentSchema>;

/** Asks for one session of a command agent on a fresh clone. */
export const workWishSchema = z.strictObject({
  agent: agentNameSchema,
  repository: z.string().min(1).max(4096).nullable().default(null).describe('null: the agent’s own'),
  branch: z.string().min(1).max(250).nullable().default(null),
  input: workInputSchema.nullable().default(null),
  attachments: z.array(attachmentSchema).max(mostAttachments).default([]),
  seconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .nullable()
    .default(null)
    .describe('null: as the agent says'),
  terminal: terminalSizeSchema.nullable().default(null).describe('Its first size, where the agent wants one'),
  attended: z.boolean().default(false),
});
export type WorkWish = z.infer<typeof workWishSchema>;
