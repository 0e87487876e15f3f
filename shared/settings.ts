import { z } from 'zod';
import { modelRefSchema } from './conversation.ts';

const mostTokens = z.int().min(1).nullable();
const mostDollars = z.number().min(0.000001).max(1_000_000).nullable();

const isBare = ({ username, password, search, hash }: URL) => `${username}${password}${search}${hash}` === '';

/** Settings are part of the record: each change is an event, the present values are derived from them. */
export const settingsSchema = z.strictObject({
  'checkpoint.file': z
    .string()
    .max(4096)
    .refine((path) => path.startsWith('/') || /^[A-Za-z]:\\/.test(path), 'must be an absolute path')
    .nullable()
    .describe('A file that receives each new checkpoint, best on another disk'),
  'checkpoint.command': z
    .array(z.string().min(1).max(4096))
    .min(1)
    .max(64)
    .nullable()
    .describe('A command (argument list, no shell) that receives each new checkpoint on its standard input'),
  'blobs.keepDays': z
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .describe('Days after which a blob is pruned; null keeps all'),
  'blobs.maxBytes': z
    .int()
    .min(1_000_000)
    .nullable()
    .describe('Bytes of blobs to keep at most; the oldest go first'),
  'sandbox.uid': z
    .int()
    .min(1)
    .max(4_294_967_294)
    .nullable()
    .describe(
      'Where Holdfast runs as root: the account its sandboxes get; null: who called sudo, else nobody',
    ),
  'approvals.minutes': z
    .int()
    .min(1)
    .max(525_600)
    .nullable()
    .describe('Minutes after which a question that nobody answered counts as denied; null: it waits'),
  'models.default': modelRefSchema.nullable().describe('The model of agents that name none'),
  'budget.callTokens': mostTokens.describe('Tokens of one call of a model at most'),
  'budget.callDollars': mostDollars.describe('Dollars of one call of a model at most'),
  'budget.dayTokens': mostTokens.describe('Tokens of all agents in one day'),
  'budget.dayDollars': mostDollars.describe('Dollars of all agents in one day'),
  'budget.personTokens': mostTokens.describe('Tokens of all agents in `budget.personDays`'),
  'budget.personDollars': mostDollars.describe('Dollars of all agents in `budget.personDays`'),
  'budget.personDays': z
    .int()
    .min(1)
    .max(3650)
    .nullable()
    .describe('Days after which the person’s budget begins anew; null: never'),
  'skills.folder': z
    .string()
    .max(4096)
    .refine((path) => path.startsWith('/') || /^[A-Za-z]:\\/.test(path), 'must be an absolute path')
    .nullable()
    .describe('A folder of skills beside those that Holdfast brings and those in your configuration'),
  'skills.disabled': z
    .array(z.string().min(1).max(255))
    .max(1000)
    .nullable()
    .describe('Skills that no agent is offered'),
  'memory.embeddings': modelRefSchema
    .nullable()
    .describe(
      'The model that agents’ memories are embedded with, so that they are found by meaning; null: by words',
    ),
  'search.engine': z
    .enum(['searxng', 'brave'])
    .nullable()
    .describe('The engine that agents search the web with: searxng or brave; null: none'),
  'search.url': z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .refine(
      (url) => !URL.canParse(url) || isBare(new URL(url)),
      'must be an address without a name, “?” or “#”',
    )
    .nullable()
    .describe('Where the engine listens; null: where Brave Search does'),
  'search.secret': z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .describe('The name of the secret that is the engine’s key'),
  'mail.host': z
    .string()
    .min(1)
    .max(255)
    .regex(/^[A-Za-z0-9.:[\]-]+$/, 'must be a host name')
    .nullable()
    .describe('The server that agents’ mails are sent by'),
  'mail.port': z.int().min(1).max(65_535).nullable().describe('Its port; null: 587'),
  'mail.user': z.string().min(1).max(320).nullable().describe('The account’s name; null: none is asked for'),
  'mail.secret': z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .describe('The name of the secret that is the account’s password'),
  'mail.from': z.email().max(320).nullable().describe('The address that mails are from'),
  'runs.concurrency': z.int().min(1).max(1000).nullable().describe('Runs at the same time; null: 4'),
  'runs.parts': z.int().min(1).max(128).nullable().describe('Parts of all runs at the same time; null: 8'),
  'runs.providerParts': z
    .int()
    .min(1)
    .max(128)
    .nullable()
    .describe('Of those: parts whose models one provider serves; null: 4'),
  'runs.keepDays': z
    .int()
    .min(0)
    .max(3650)
    .nullable()
    .describe(
      'Days from the end of a run until its folder is removed, unless it is pinned; 0: never; null: 7',
    ),
  'work.concurrency': z
    .int()
    .min(1)
    .max(128)
    .nullable()
    .describe('Command agents at work on repositories at the same time; null: 4'),
  'work.keepDays': z
    .int()
    .min(1)
    .max(3650)
    .nullable()
    .describe(
      'Days that what a command agent changed is kept, where nobody applied or discarded it; null: 30',
    ),
  'records.root': z
    .string()
    .max(4096)
    .refine((path) => path.startsWith('/'), 'must be an absolute path')
    .nullable()
    .describe('Where sessions’ records on disk lie; null: the folder audit beside the record'),
  'records.keepDays': z
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .describe('Days after which a session’s record on disk is removed; null: never'),
  'records.keepBytes': z
    .int()
    .min(1_000_000)
    .nullable()
    .describe('Bytes of sessions’ records on disk to keep at most; the oldest go first; null: all'),
  'mcp.server': z.boolean().nullable().describe('Whether programs reach Holdfast by MCP; null: no'),
  'mcp.port': z.int().min(1).max(65_535).nullable().describe('The port on 127.0.0.1 for that; null: 3781'),
  'mcp.callsAtOnce': z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .describe('Calls of all programs by MCP under way at the same time; null: 512'),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingKey = keyof Settings;

export const settingKeys = Object.keys(settingsSchema.shape) as [SettingKey, ...SettingKey[]];

export const defaultSettings: Settings = {
  'checkpoint.file': null,
  'checkpoint.command': null,
  'blobs.keepDays': null,
  'blobs.maxBytes': null,
  'sandbox.uid': null,
  'approvals.minutes': null,
  'models.default': null,
  'budget.callTokens': null,
  'budget.callDollars': null,
  'budget.dayTokens': null,
  'budget.dayDollars': null,
  'budget.personTokens': null,
  'budget.personDollars': null,
  'budget.personDays': null,
  'skills.folder': null,
  'skills.disabled': null,
  'memory.embeddings': null,
  'search.engine': null,
  'search.url': null,
  'search.secret': null,
  'mail.host': null,
  'mail.port': null,
  'mail.user': null,
  'mail.secret': null,
  'mail.from': null,
  'runs.concurrency': null,
  'runs.parts': null,
  'runs.providerParts': null,
  'runs.keepDays': null,
  'work.concurrency': null,
  'work.keepDays': null,
  'records.root': null,
  'records.keepDays': null,
  'records.keepBytes': null,
  'mcp.server': null,
  'mcp.port': null,
  'mcp.callsAtOnce': null,
};
