import { z } from 'zod';
import { agentNameSchema, agentSchema } from './agent.ts';
import { modelRefSchema } from './conversation.ts';
import { longestText, parametersSchema } from './plan.ts';
import { scaffoldKindSchema } from './scaffold.ts';
import { sandboxKindSchema, sandboxLimitsSchema } from './session.ts';

/** What may be seen of a failure that makes a stronger model worth its price. */
export const escalationSignals = ['replan_retry', 'max_tokens', 'tool_repeat_guard'] as const;
export const escalationSignalSchema = z.enum(escalationSignals);
export type EscalationSignal = z.infer<typeof escalationSignalSchema>;

/** What is tried again; `any` is every failure that another try may mend. */
export const retryReasons = [
  'any',
  'timeout',
  'model_error',
  'tool_error',
  'output_missing',
  'infrastructure',
] as const;

/** `{name}` stands for a parameter, `{name.*}` for each element of a list. */
const template = z.string().min(1).max(4096);
const model = z
  .string()
  .min(1)
  .max(200)
  .describe('A model, with its provider or as the default provider names it');

/** A role as its file is written; a file written for aaOS is one as it stands. */
export const roleFileSchema = z.strictObject({
  name: agentNameSchema,
  description: z.string().max(1000).optional(),
  model: model.optional().describe('Without one: the default model of the settings'),
  model_ladder: z.array(model).min(1).max(8).optional().describe('Tier 0 first, which is `model`'),
  parameters: parametersSchema.optional(),
  capabilities: z
    .array(z.union([template, z.record(z.string(), z.json())]))
    .max(200)
    .optional(),
  system_prompt: z.string().max(longestText).optional(),
  message_template: z.string().max(longestText).optional(),
  budget: z
    .strictObject({
      max_input_tokens: z.int().min(1).optional(),
      max_output_tokens: z.int().min(1).optional(),
      max_dollars: z.number().min(0.000001).max(1_000_000).optional(),
    })
    .optional(),
  retry: z
    .strictObject({
      max_attempts: z.int().min(1).max(20).optional(),
      on: z.array(z.enum(retryReasons)).max(10).optional(),
    })
    .optional(),
  priority: z.int().min(0).max(255).optional(),
  escalate_on: z.array(escalationSignalSchema).max(3).optional(),
  scaffold: z.strictObject({ kind: scaffoldKindSchema }).optional(),
  orchestration: z
    .strictObject({
      max_iterations: z.int().min(1).max(10_000).optional(),
      commit_nudges: z.int().min(0).max(20).optional(),
    })
    .optional(),
  require_declared_output: z.boolean().optional(),
  agent: agentNameSchema.optional().describe('An agent whose prompt, tools and limits it begins with'),
  outputs: z
    .array(template)
    .max(100)
    .optional()
    .describe('Files it leaves; without it: those that a `file_write` without “*” names'),
  command: z
    .array(template)
    .min(1)
    .max(200)
    .optional()
    .describe('Of a runner: the program and its arguments'),
  sandbox: z
    .strictObject({
      kind: sandboxKindSchema.optional(),
      image: z.string().min(1).max(500).optional(),
      limits: sandboxLimitsSchema.partial().optional(),
    })
    .optional(),
});
export type RoleFile = z.infer<typeof roleFileSchema>;

/** A role with everything said. */
export const roleSchema = z.strictObject({
  name: agentNameSchema,
  description: z.string(),
  models: z.array(modelRefSchema).describe('By tier; empty: the default model'),
  parameters: parametersSchema,
  capabilities: z.array(z.string()).describe('In their canonical text, with `{…}` in it'),
  systemPrompt: z.string(),
  messageTemplate: z.string(),
  budget: z.strictObject({
    inputTokens: z.int().nullable(),
    outputTokens: z.int().nullable(),
    micros: z.int().nullable(),
  }),
  retry: z.strictObject({ attempts: z.int().min(1), on: z.array(z.enum(retryReasons)) }),
  priority: z.int().min(0).max(255),
  escalateOn: z.array(escalationSignalSchema),
  scaffold: scaffoldKindSchema.nullable(),
  iterations: z.int(),
  nudges: z.int(),
  requireDeclaredOutput: z.boolean(),
  agent: agentNameSchema.nullable(),
  base: agentSchema.optional().describe('The agent that it begins with, as it was when it was read'),
  outputs: z.array(z.string()),
  command: z.array(z.string()),
  sandbox: z.strictObject({
    kind: sandboxKindSchema.nullable(),
    image: z.string().nullable(),
    limits: sandboxLimitsSchema.nullable(),
  }),
});
export type Role = z.infer<typeof roleSchema>;
