import { z } from 'zod';
import { hostPatternSchema } from './capability/host-pattern.ts';
import { folderWishSchema } from './session.ts';

/** A server of tools that somebody else wrote; its tools are called `mcp.SERVER.TOOL`. */
export const toolServerNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'small letters, digits, dash and underscore, starting with a letter');

/** A value that is given as it is, or as the name of a secret: `{ secret: NAME }`. */
const valueSchema = z.union([
  z.string().max(8192),
  z.strictObject({ secret: z.string().min(1).max(100), prefix: z.string().max(100).default('') }),
]);
const valuesSchema = z.record(z.string().min(1).max(100), valueSchema);

/** What happens when an agent that may use a tool calls it. `usual`: as the agent’s level and the rules say. */
export const toolLevelSchema = z.enum(['deny', 'ask', 'usual']);
export const toolPolicySchema = z.strictObject({
  level: toolLevelSchema.default('usual'),
  arguments: z
    .record(z.string().min(1).max(200), z.unknown())
    .nullable()
    .default(null)
    .describe('a JSON Schema for each argument that it must fit, beside the tool’s own'),
  repeatable: z.boolean().default(false).describe('calling it again changes nothing more'),
});
export type ToolPolicy = z.infer<typeof toolPolicySchema>;

export const stdioServerSchema = z.strictObject({
  kind: z.literal('stdio'),
  command: z
    .array(z.string().max(4096))
    .min(1)
    .max(100)
    .refine(([program]) => program !== '', 'names no program')
    .describe('run in a sandbox, without a shell'),
  environment: valuesSchema.default({}),
  folders: z.array(folderWishSchema).max(20).default([]),
  hosts: z.array(hostPatternSchema).max(100).default([]),
  cwd: z.string().startsWith('/').max(4096).nullable().default(null),
});
export const httpServerSchema = z.strictObject({
  kind: z.enum(['http', 'sse']),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  headers: valuesSchema.default({}),
  oauth: z
    .strictObject({
      scopes: z.array(z.string().max(200)).max(50).default([]),
      clientId: z.string().max(500).nullable().default(null).describe('null: it registers itself'),
    })
    .nullable()
    .default(null)
    .describe('sign in with a browser; null: its headers are enough'),
});

export const toolServerSchema = z.strictObject({
  enabled: z.boolean().default(true),
  transport: z.discriminatedUnion('kind', [stdioServerSchema, httpServerSchema]),
  timeoutSeconds: z.int().min(1).max(3600).default(60),
  mostBytes: z.int().min(1000).max(20_000_000).default(1_000_000).describe('of one answer'),
  usual: toolPolicySchema.prefault({}).describe('for tools that are not named below'),
  tools: z.record(z.string().min(1).max(200), toolPolicySchema).default({}),
});
export type ToolServer = z.infer<typeof toolServerSchema>;

/**
 * `idle`: nobody has asked for it; `waiting`: it failed, and is tried again after a while; `signing`: a person has to
 * sign in; `off`: switched off; `broken`: its declaration cannot be read.
 */
export const toolServerStates = ['idle', 'starting', 'ready', 'waiting', 'signing', 'off', 'broken'] as const;

export const toolServerRowSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['stdio', 'http', 'sse']).nullable().describe('null: its declaration cannot be read'),
  at: z.string().describe('its command or its address, for people'),
  state: z.enum(toolServerStates),
  problem: z.string().nullable(),
  mend: z.string().nullable(),
  tools: z.int().nullable().describe('null: not known yet'),
  changed: z.int().describe('tools that a person must look at again before they are used'),
  since: z.iso.datetime().nullable(),
});
export type ToolServerRow = z.infer<typeof toolServerRowSchema>;

export const serverToolSchema = z.strictObject({
  name: z.string().describe('as the server calls it'),
  tool: z.string().describe('as agents and rules call it: mcp.SERVER.TOOL'),
  title: z.string().nullable(),
  description: z.string(),
  input: z.unknown().describe('JSON Schema'),
  readOnly: z.boolean().describe('as the server says, which nobody has to believe'),
  destructive: z.boolean(),
  policy: toolPolicySchema,
  digest: z.string().describe('of name, description and schemas'),
  accepted: z
    .boolean()
    .describe('false: it is not what a person has seen, and nobody may use it until they have'),
  before: z
    .strictObject({ description: z.string(), input: z.unknown() })
    .nullable()
    .describe('what was accepted, where it changed'),
  problem: z.string().nullable().describe('why it cannot be used at all'),
});
export type ServerTool = z.infer<typeof serverToolSchema>;

export const toolServerPageSchema = z.strictObject({
  row: toolServerRowSchema,
  text: z.string().describe('its declaration, as YAML'),
  instructions: z.string().nullable(),
  version: z.string().nullable().describe('name and version that it tells of itself'),
  protocol: z.string().nullable(),
  tools: z.array(serverToolSchema),
  resources: z.array(z.strictObject({ uri: z.string(), name: z.string(), type: z.string().nullable() })),
  prompts: z.array(z.strictObject({ name: z.string(), description: z.string().nullable() })),
  layers: z.array(z.string()).describe('what holds it in, in words'),
  said: z.array(z.string()).describe('the last lines of its standard error'),
});
export type ToolServerPage = z.infer<typeof toolServerPageSchema>;
