import { z } from 'zod';
import { agentNameSchema } from './agent.ts';
import { hostPatternSchema } from './capability/host-pattern.ts';
import { mcpToolSchema, mcpTools } from './mcp-tools.ts';
import { folderWishSchema } from './session.ts';
import { tokenBudgetSchema } from './token-budget.ts';

/** What one program may do by MCP. Whatever it starts gets no more than this. */
export const mcpRightsSchema = z.strictObject({
  tools: z.array(mcpToolSchema).min(1).max(mcpTools.length),
  agents: z
    .array(agentNameSchema)
    .max(100)
    .nullable()
    .default(null)
    .describe('which it may run and ask; null: any'),
  folders: z.array(folderWishSchema).max(50).default([]).describe('which its runs may be given, and how'),
  hosts: z.array(hostPatternSchema).max(200).default([]).describe('which its runs may connect to'),
  budget: tokenBudgetSchema.nullable().default(null).describe('of all its runs together; null: no bound'),
  callsPerMinute: z.int().min(1).max(100_000).default(600),
  callsAtOnce: z.int().min(1).max(1000).default(64).describe('under way at the same time'),
});
export type McpRights = z.infer<typeof mcpRightsSchema>;

export const mcpServingSchema = z.strictObject({
  on: z.boolean(),
  port: z.int(),
  address: z.string().nullable().describe('http://127.0.0.1:PORT/mcp; null: nothing listens'),
  problem: z.string().nullable().describe('why nothing listens although it should'),
});
export type McpServing = z.infer<typeof mcpServingSchema>;

/** What a person puts into a program so that it finds Holdfast. */
export const mcpConfigurationSchema = z.strictObject({
  program: z.enum([
    'claude-code',
    'claude-desktop',
    'cursor',
    'vscode',
    'codex',
    'opencode',
    'gemini',
    'json',
  ]),
  title: z.string(),
  place: z.string().describe('where it belongs, in words'),
  text: z.string(),
});
export type McpConfiguration = z.infer<typeof mcpConfigurationSchema>;

export const mcpClientCallSchema = z.strictObject({
  at: z.iso.datetime(),
  tool: z.string(),
  ok: z.boolean().nullable().describe('null: it has not been answered'),
  program: z.string().nullable().describe('as it calls itself'),
});
export type McpClientCall = z.infer<typeof mcpClientCallSchema>;
