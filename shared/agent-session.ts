import { z } from 'zod';
import { agentNameSchema } from './agent.ts';
import { approvalLevelSchema } from './approval.ts';
import { contentPartSchema, modelRefSchema, moneySchema, usageSchema } from './conversation.ts';
import { idSchema } from './ids.ts';
import { folderWishSchema, outcomeSchema, reviewStateSchema, sandboxKindSchema } from './session.ts';

/** What a person asks for: a session with an agent. */
export const agentSessionWishSchema = z.strictObject({
  agent: agentNameSchema,
  title: z.string().trim().min(1).max(200).nullable().default(null),
  folders: z
    .array(folderWishSchema.partial({ mode: true }))
    .max(50)
    .default([])
    .describe('Without a mode: as the agent’s file says'),
  hosts: z.array(z.string().max(500)).max(500).default([]).describe('Beside those of the agent’s file'),
  sandbox: sandboxKindSchema.nullable().default(null),
  model: modelRefSchema.nullable().default(null),
  approvals: approvalLevelSchema.nullable().default(null),
  unattended: z
    .enum(['wait', 'deny'])
    .default('wait')
    .describe('What becomes of a call that would ask: it waits for the person, or is denied'),
  budget: z
    .strictObject({
      tokens: z.int().min(1).nullable().default(null),
      micros: z.int().min(1).nullable().default(null),
    })
    .nullable()
    .default(null)
    .describe('For this session, beside the agent’s own'),
});
export type AgentSessionWish = z.infer<typeof agentSessionWishSchema>;

/**
 * What it is doing. `unsure`: a call’s effect is unknown after a crash, and a person says what to do.
 * `out_of_budget`: it stopped before a call that the budget does not hold.
 */
export const activities = [
  'idle',
  'working',
  'waiting',
  'paused',
  'unsure',
  'out_of_budget',
  'ended',
] as const;
export const activitySchema = z.enum(activities);
export type Activity = z.infer<typeof activitySchema>;

export const agentSessionSchema = z.strictObject({
  id: idSchema('session'),
  agent: agentNameSchema,
  title: z.string(),
  model: modelRefSchema.nullable().describe('which answered last'),
  activity: activitySchema,
  detail: z.string().nullable().describe('what it does or waits for now, in words'),
  folders: z.array(folderWishSchema),
  hosts: z.array(z.string()),
  sandbox: sandboxKindSchema,
  sandboxed: z.boolean().describe('whether its sandbox stands now; it is made when first needed'),
  approvals: approvalLevelSchema,
  rights: z.array(z.string()),
  parent: idSchema('session').nullable(),
  run: idSchema('run').nullable().describe('the run that it works for'),
  depth: z.int().min(0),
  started: z.iso.datetime(),
  changed: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  outcome: outcomeSchema.nullable(),
  review: reviewStateSchema,
  turns: z.int().min(0),
  queued: z.int().min(0).describe('messages in its inbox that it has not taken up'),
  usage: usageSchema,
  cost: moneySchema,
});
export type AgentSession = z.infer<typeof agentSessionSchema>;

/** One thing in a session’s transcript, each by the event that it comes from. */
const entry = { seq: z.int().min(0), time: z.iso.datetime() };
export const toolCardSchema = z.strictObject({
  call: idSchema('call'),
  tool: z.string(),
  title: z.string(),
  preview: z.string(),
  input: z.json().describe('null where it was erased or is long: ask for the call'),
  surface: z.enum(['none', 'namespace', 'container', 'broker']),
  state: z.enum(['queued', 'running', 'waiting', 'done', 'failed', 'denied', 'unknown']),
  milliseconds: z.number().nullable(),
  result: z.string().nullable().describe('its beginning, at most 8 kB'),
  resultBytes: z.int().min(0),
  shown: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('diff'), path: z.string(), text: z.string().max(200_000) }),
      z.strictObject({ kind: z.literal('command'), code: z.int().nullable(), signal: z.int().nullable() }),
    ])
    .nullable(),
  approval: idSchema('approval').nullable(),
  decidedBy: z.string().nullable().describe('who or what let it happen, or did not, in words'),
});
export type ToolCard = z.infer<typeof toolCardSchema>;

export const transcriptEntrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('person'),
    ...entry,
    from: z.string(),
    parts: z.array(contentPartSchema),
  }),
  z.strictObject({
    kind: z.literal('answer'),
    ...entry,
    model: modelRefSchema,
    text: z.string(),
    thinking: z.string(),
    usage: usageSchema,
    cost: moneySchema,
    stop: z.string(),
    seconds: z.number(),
  }),
  z.strictObject({ kind: z.literal('call'), ...entry, card: toolCardSchema }),
  /** Something worth a line: a summary was made, a model fell back, processes were lost, a turn ended early. */
  z.strictObject({
    kind: z.literal('note'),
    ...entry,
    tone: z.enum(['quiet', 'waits', 'refused']),
    text: z.string(),
  }),
]);
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

/** What somebody who follows a session receives: entries (again when they change), and what is being written now. */
export const sessionNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('session'), session: agentSessionSchema }),
  z.strictObject({ kind: z.literal('entry'), entry: transcriptEntrySchema }),
  z
    .strictObject({ kind: z.literal('writing'), text: z.string(), thinking: z.string() })
    .describe('to be appended'),
  z
    .strictObject({ kind: z.literal('void') })
    .describe('what was being written is void: another try, or it is an entry now'),
]);
export type SessionNews = z.infer<typeof sessionNewsSchema>;
