import { z } from 'zod';
import { agentNameSchema } from './agent.ts';

/** What a file of agentd would become here, or became. */
export const agentdImportSchema = z.strictObject({
  agents: z.array(
    z.strictObject({
      name: agentNameSchema,
      text: z.string().describe('The file of the agent'),
      file: z.string().nullable().describe('null: not written'),
      replaces: z.boolean().describe('whether there is one of that name already'),
    }),
  ),
  problems: z
    .array(z.strictObject({ line: z.int(), column: z.int(), field: z.string(), message: z.string() }))
    .describe('where there is one, nothing is written'),
  notes: z.array(z.string()).describe('what is different here'),
});
export type AgentdImport = z.infer<typeof agentdImportSchema>;
