import { z } from 'zod';
import { mcpToolSchema } from './mcp-tools.ts';

/** By MCP an agent never answers for the person, whatever its file says. */
const mcpToolOfAgents = mcpToolSchema.exclude(['answer_approval']);
const agentNames = z.array(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/)).max(100);

/** A name that is one step of a path and nothing else, on every system. */
export const segmentSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\\\0\n]+$/, 'one step of a path: no slash, no backslash')
  .refine((text) => text !== '.' && text !== '..', 'one step of a path: not “.” or “..”');

export const presetNames = ['script', 'claude-code', 'codex', 'opencode', 'gemini', 'runa'] as const;
export const presetNameSchema = z.enum(presetNames);
export type PresetName = z.infer<typeof presetNameSchema>;

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and underscores');
const text = z.string().min(1).max(4096);

/** What makes an agent a command in a sandbox, as a file declares it: Holdfast asks no model for it. */
export const commandDeclarationSchema = z.strictObject({
  preset: presetNameSchema
    .optional()
    .describe('Flags, environment, writable places and hosts that are known of it'),
  argv: z
    .array(z.string().min(1).max(65_536))
    .min(1)
    .max(1000)
    .optional()
    .describe('Without a preset: required'),
  terminal: z.boolean().optional().describe('On a terminal instead of pipes'),
  repository: text
    .optional()
    .describe('https, http or git, or a folder of this machine; a run may name another'),
  branch: z.string().min(1).max(250).optional(),
  clone_token: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Name of a stored secret; used for the clone alone, over https'),
  methodology: text.optional().describe('A folder with a manifest.toml; `~/` is the person’s home'),
  mounts: z
    .array(z.strictObject({ source: text, target: text, read_only: z.boolean() }))
    .max(50)
    .optional(),
  credentials: z
    .array(
      z.strictObject({
        secret: z.string().min(1).max(80).describe('Name of a stored secret'),
        variable: variableName.optional(),
        file: segmentSchema.optional().describe('Below /run/secrets'),
      }),
    )
    .max(50)
    .optional(),
  environment: z.record(variableName, z.string().max(65_536)).optional().describe('Never secret'),
  gateway: z
    .strictObject({ model: z.string().min(1).max(200).optional() })
    .optional()
    .describe('Its model calls go through Holdfast: no key in the sandbox, budgets hold'),
  mcp: z
    .strictObject({
      tools: z.array(mcpToolOfAgents).min(1).max(20),
      agents: agentNames.optional().describe('Which agents it may give tasks to; without it: none'),
    })
    .optional()
    .describe('It reaches Holdfast by MCP, at HOLDFAST_MCP_URL with HOLDFAST_MCP_TOKEN'),
});
export type CommandDeclaration = z.infer<typeof commandDeclarationSchema>;

/** The same with everything said. */
export const commandSchema = z.strictObject({
  preset: presetNameSchema.nullable(),
  argv: z.array(z.string()),
  terminal: z.boolean(),
  repository: z.string().nullable(),
  branch: z.string().nullable(),
  cloneToken: z.string().nullable(),
  methodology: z.string().nullable().describe('absolute'),
  mounts: z.array(z.strictObject({ source: z.string(), target: z.string(), readOnly: z.boolean() })),
  credentials: z.array(
    z.strictObject({ secret: z.string(), variable: z.string().nullable(), file: z.string().nullable() }),
  ),
  environment: z.record(z.string(), z.string()),
  gateway: z.strictObject({ model: z.string().nullable() }).nullable(),
  mcp: z.strictObject({ tools: z.array(mcpToolOfAgents), agents: agentNames }).optional(),
});
export type AgentCommand = z.infer<typeof commandSchema>;
