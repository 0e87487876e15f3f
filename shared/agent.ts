import { z } from 'zod';
import { approvalLevelSchema } from './approval.ts';
import { commandDeclarationSchema, commandSchema } from './command-agent.ts';
import { modelRefSchema } from './conversation.ts';
import { scaffoldSchema } from './scaffold.ts';
import { agentScheduleSchema, declaredScheduleSchema } from './schedule.ts';
import { folderModeSchema, sandboxKindSchema, sandboxLimitsSchema } from './session.ts';

export const agentNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'small letters, digits, dash and underscore, starting with a letter');

/** `$folder` in a path stands for each folder that the session was given. */
const capabilityText = z.union([z.string().min(1).max(4096), z.record(z.string(), z.json())]);
const toolNames = z.array(z.string().min(1).max(200)).max(200);

export const contextWindowSchema = z.union([
  z.int().min(1024).max(100_000_000),
  z.string().regex(/^[1-9][0-9]{0,5}k$/, 'a number of tokens, or thousands of them such as 128k'),
]);

/**
 * One agent as its file declares it. Every field but the name may be left out: `extends` and then these
 * defaults fill in. `Agents` resolves a declaration into one in which nothing is open.
 */
export const declarationSchema = z.strictObject({
  name: agentNameSchema,
  description: z.string().max(1000).optional(),
  extends: agentNameSchema.optional().describe('Another agent; what is not said here is as there'),
  model: modelRefSchema.optional().describe('Without one: the default model of the settings'),
  fallback: z
    .array(modelRefSchema)
    .max(8)
    .optional()
    .describe('Tried in order where the model cannot be had'),
  temperature: z.number().min(0).max(2).optional(),
  system_prompt: z.string().max(100_000).optional(),
  tools: toolNames.optional().describe('Short for one capability `tool: NAME` each'),
  capabilities: z.array(capabilityText).max(200).optional(),
  ask: z
    .array(capabilityText)
    .max(200)
    .optional()
    .describe('Capabilities that it has, and that ask each time'),
  approval_required: toolNames.optional().describe('Tools that ask before each call'),
  approvals: approvalLevelSchema.optional(),
  lifecycle: z.union([z.enum(['on-demand', 'persistent']), z.string().regex(/^scheduled\(.+\)$/)]).optional(),
  schedule: declaredScheduleSchema
    .optional()
    .describe('Begins by itself; short for it: lifecycle: scheduled(CRON)'),
  sandbox: z
    .strictObject({
      kind: sandboxKindSchema.optional(),
      image: z.string().min(1).max(500).optional(),
      loopback: z.boolean().optional(),
      unix_sockets: z.boolean().optional(),
      limits: sandboxLimitsSchema.partial().optional(),
    })
    .optional(),
  folders: z
    .array(z.strictObject({ path: z.string().min(1).max(4096), mode: folderModeSchema }))
    .max(50)
    .optional()
    .describe('Granted to each session of it, beside those a session is given; `~/` is the person’s home'),
  folder_mode: folderModeSchema
    .optional()
    .describe('How a folder that a session is given is used, unless it says so'),
  network: z
    .array(z.string().min(1).max(500))
    .max(500)
    .optional()
    .describe('Hosts, as capabilities write them'),
  skills: z.union([z.literal('*'), z.array(z.string().min(1).max(64)).max(200)]).optional(),
  memory: z
    .strictObject({
      context_window: contextWindowSchema.optional(),
      max_history_messages: z.int().min(4).max(10_000).optional(),
      summarization_model: modelRefSchema.optional(),
      summarization_threshold: z.number().min(0.2).max(0.95).optional(),
      archive_ttl_days: z.int().min(1).max(36_500).optional(),
      episodic_enabled: z.boolean().optional(),
      episodic_max_records: z.int().min(1).max(1_000_000).optional(),
      episodic_max_content_bytes: z.int().min(64).max(65_536).optional(),
    })
    .optional(),
  notes: z
    .strictObject({
      max_count: z.int().min(0).max(1000).optional(),
      max_bytes: z.int().min(64).max(65_536).optional(),
      prompt_section: z.enum(['off', 'above', 'below']).optional(),
    })
    .optional(),
  budget_config: z
    .strictObject({
      max_tokens: z.int().min(1).optional(),
      max_dollars: z.number().min(0.000001).max(1_000_000).optional(),
      reset_period_seconds: z.int().min(0).optional().describe('0: never'),
    })
    .optional(),
  limits: z
    .strictObject({
      iterations: z.int().min(1).max(10_000).optional(),
      tokens: z.int().min(1).optional().describe('of one turn, in and out'),
      output_tokens: z.int().min(1).max(1_000_000).optional().describe('of one answer'),
      seconds: z
        .int()
        .min(1)
        .max(30 * 86_400)
        .optional()
        .describe('of one turn'),
      nudges: z
        .int()
        .min(0)
        .max(20)
        .optional()
        .describe('how often it is told to go on and use `output_tool`'),
      continuations: z
        .int()
        .min(0)
        .max(20)
        .optional()
        .describe('how often an answer that was cut is continued'),
      children: z.int().min(1).max(16).optional().describe('started by one call'),
      depth: z.int().min(0).max(16).optional(),
      repeats: z.int().min(2).max(100).optional().describe('the same call so often is told to the model'),
    })
    .optional(),
  output_tool: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A turn is not done before it was called; see nudges'),
  command: commandDeclarationSchema
    .optional()
    .describe('It is this command, at work on a fresh clone; Holdfast asks no model for it'),
  metadata: z.record(z.string(), z.json()).optional(),
});
export type Declaration = z.infer<typeof declarationSchema>;

/** A declaration with everything said: what a session is opened with, and what is on the record. */
export const agentSchema = z.strictObject({
  name: agentNameSchema,
  description: z.string(),
  models: z.array(modelRefSchema).describe('Tried in order; empty: the default model'),
  temperature: z.number().nullable(),
  systemPrompt: z.string(),
  capabilities: z.array(z.string()).describe('In their canonical text; `$folder` not yet replaced'),
  ask: z.array(z.string()),
  approvalRequired: z.array(z.string()),
  approvals: approvalLevelSchema,
  lifecycle: z.string(),
  sandbox: z.strictObject({
    kind: sandboxKindSchema,
    image: z.string().nullable(),
    loopback: z.boolean(),
    unixSockets: z.boolean(),
    limits: sandboxLimitsSchema,
  }),
  folders: z.array(z.strictObject({ path: z.string(), mode: folderModeSchema })),
  folderMode: folderModeSchema,
  network: z.array(z.string()).describe('Host patterns in their canonical text'),
  skills: z.union([z.literal('*'), z.array(z.string())]),
  memory: z.strictObject({
    contextTokens: z.int(),
    maxMessages: z.int().nullable(),
    summarizationModel: modelRefSchema.nullable(),
    summarizationThreshold: z.number(),
    archiveDays: z.int().nullable(),
    episodic: z.boolean(),
    episodicMostRecords: z.int(),
    episodicMostBytes: z.int(),
  }),
  notes: z.strictObject({
    mostCount: z.int(),
    mostBytes: z.int(),
    section: z.enum(['off', 'above', 'below']),
  }),
  budget: z
    .strictObject({
      tokens: z.int().nullable(),
      micros: z.int().nullable().describe('millionths of a dollar'),
      periodSeconds: z.int().describe('0: never reset'),
    })
    .nullable(),
  limits: z.strictObject({
    iterations: z.int(),
    tokens: z.int(),
    outputTokens: z.int(),
    seconds: z.int().nullable(),
    nudges: z.int(),
    continuations: z.int(),
    children: z.int(),
    depth: z.int(),
    repeats: z.int(),
  }),
  outputTool: z.string().nullable(),
  command: commandSchema.optional().describe('Only of a command agent'),
  schedule: agentScheduleSchema.optional(),
  scaffold: scaffoldSchema.optional().describe('Code that answers in the place of a model'),
});
export type Agent = z.infer<typeof agentSchema>;
