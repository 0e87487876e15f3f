import { z } from 'zod';
import { activitySchema } from '../agent-session.ts';
import { approvalLevelSchema } from '../approval.ts';
import { modelRefSchema, moneySchema, stopSchema } from '../conversation.ts';
import { idSchema } from '../ids.ts';
import { plural } from '../plural.ts';
import { payerSchema } from '../run.ts';
import { folderWishSchema, sandboxKindSchema } from '../session.ts';
import { brief, eventKind } from './kind.ts';

const text = z.string().max(100_000);
const count = z.int().min(0);
const budget = z.strictObject({ tokens: count.nullable(), micros: count.nullable() }).nullable();

/** Agents, their loops, their messages and what they spend. */
export const agentKinds = {
  'agent.started': eventKind({
    data: () => z.strictObject({ manifest: z.string() }),
    sentence: (d) => `started from ${d.manifest}`,
    otel: 'create_agent',
    tone: 'running',
  }),
  'agent.stopped': eventKind({
    data: () => z.strictObject({ reason: z.string() }),
    sentence: (d) => `stopped: ${brief(d.reason)}`,
  }),
  'turn.started': eventKind({
    data: () =>
      z.strictObject({
        preview: text,
        taken: z
          .array(count)
          .max(10_000)
          .optional()
          .describe('the messages of the inbox that it takes up, by their numbers'),
      }),
    sentence: (d) => `took up “${brief(d.preview, 100)}”`,
    otel: 'invoke_agent',
    tone: 'running',
  }),
  'turn.finished': eventKind({
    data: () =>
      z.strictObject({
        stopReason: z.string(),
        iterations: count,
        code: z.string().max(100).optional().describe('of the problem that ended it'),
      }),
    sentence: (d) => `finished after ${plural(d.iterations, 'iteration')}: ${d.stopReason}`,
    otel: 'invoke_agent',
  }),
  'loop.started': eventKind({
    data: () => z.strictObject({ lifecycle: z.string() }),
    sentence: (d) => `began to listen (${d.lifecycle})`,
  }),
  'loop.stopped': eventKind({
    data: () => z.strictObject({ reason: z.string(), messages: count }),
    sentence: (d) => `stopped listening after ${plural(d.messages, 'message')}: ${brief(d.reason)}`,
  }),
  'message.sent': eventKind({
    data: () => z.strictObject({ from: z.string(), to: z.string() }),
    sentence: (d) => `sent a message to ${d.to}`,
  }),
  'message.delivered': eventKind({
    data: () => z.strictObject({ from: z.string(), to: z.string() }),
    sentence: (d) => `delivered a message from ${d.from} to ${d.to}`,
  }),
  /** Into the inbox of a session; its blob `message.json` is the message whole. */
  'message.received': eventKind({
    data: () =>
      z.strictObject({
        trace: z.string(),
        method: z.string(),
        from: z.string().optional(),
        preview: text.optional(),
      }),
    sentence: (d) =>
      d.preview === undefined ? `received ${d.method}` : `received “${brief(d.preview, 100)}”`,
  }),
  /** The intent, with what the budgets set aside for it. */
  'model.requested': eventKind({
    data: () =>
      z.strictObject({
        model: modelRefSchema,
        messages: count,
        reserved: z.strictObject({ tokens: count, micros: moneySchema }),
        charged: z
          .array(idSchema('session'))
          .max(50)
          .optional()
          .describe('sessions beside its own whose budgets it counts for'),
        agents: z
          .array(z.string().max(200))
          .max(50)
          .optional()
          .describe('agents beside its own whose budgets it counts for'),
      }),
    sentence: (d) => `asked ${d.model}`,
    otel: 'chat',
    tone: 'running',
  }),
  /** Its blob `answer.json` is the answer whole. */
  'model.called': eventKind({
    data: () =>
      z.strictObject({
        model: z.string(),
        inputTokens: count,
        outputTokens: count,
        cacheReadTokens: count.optional(),
        cacheWriteTokens: count.optional(),
        cost: moneySchema.optional(),
        stop: stopSchema.optional(),
        calls: z.array(idSchema('call')).max(1000).optional(),
        attempts: count.optional(),
        milliseconds: z.number().min(0).optional(),
        aside: z.boolean().optional().describe('no part of the conversation: the text of a summary'),
        passed: z.boolean().optional().describe('asked by a program of its own, through Holdfast'),
      }),
    sentence: (d) => `${d.model}, ${d.inputTokens} in, ${d.outputTokens} out`,
    otel: 'chat',
  }),
  /** `settled`: what the budgets count for it, although no answer came. */
  'model.failed': eventKind({
    data: () =>
      z.strictObject({
        model: z.string(),
        code: z.string(),
        reason: text,
        settled: z.strictObject({ tokens: count, micros: moneySchema }).optional(),
      }),
    sentence: (d) => `got no answer from ${d.model}: ${brief(d.reason)}`,
    otel: 'chat',
    tone: 'refused',
  }),
  'model.fell_back': eventKind({
    data: () => z.strictObject({ from: z.string(), to: z.string(), reason: text }),
    sentence: (d) => `went on with ${d.to} instead of ${d.from}: ${brief(d.reason)}`,
    tone: 'waits',
  }),
  /** A session with an agent; its blob `agent.json` is the declaration as it was resolved. */
  'session.opened': eventKind({
    data: () =>
      z.strictObject({
        agent: z.string(),
        title: z.string(),
        model: modelRefSchema.nullable(),
        sandbox: sandboxKindSchema,
        folders: z.array(folderWishSchema),
        hosts: z.array(z.string()),
        approvals: approvalLevelSchema,
        unattended: z.enum(['wait', 'deny']),
        budget,
        parent: idSchema('session').nullable(),
        parentCall: idSchema('call').nullable(),
        parentPlace: count.optional().describe('which of those that the call started'),
        depth: count,
        runFolder: z.string().optional().describe('of the run that it is a part of: its own to write in'),
        reviewed: z
          .array(z.string())
          .max(50)
          .optional()
          .describe('folders of which its run keeps one version, for all its parts'),
        runBudget: budget.optional().describe('of the whole run that it is a part of'),
        payer: payerSchema.optional().describe('of that run: what it spends counts there too'),
      }),
    sentence: (d) => `opened a session with ${d.agent}`,
    otel: 'create_agent',
    tone: 'running',
  }),
  'session.changed': eventKind({
    data: () =>
      z.strictObject({
        title: z.string().optional(),
        model: modelRefSchema.optional(),
        approvals: approvalLevelSchema.optional(),
        budget: budget.optional(),
      }),
    sentence: (d) => `changed its ${Object.keys(d).join(', ') || 'nothing'}`,
  }),
  /** What it does from now on, where that is not told by another event. */
  'session.turned': eventKind({
    data: () => z.strictObject({ activity: activitySchema, reason: text }),
    sentence: (d) => `is ${d.activity.replaceAll('_', ' ')}: ${brief(d.reason)}`,
  }),
  /** The first of a life in which a killed one left it open; `lost` is told to the model. */
  'session.resumed': eventKind({
    data: () =>
      z.strictObject({
        lost: z.array(z.string()).max(1000),
        unknown: z.array(idSchema('call')).max(1000),
      }),
    sentence: (d) =>
      d.unknown.length > 0
        ? `went on where it was; the effect of ${d.unknown.length} ${d.unknown.length === 1 ? 'call is' : 'calls are'} unknown`
        : 'went on where it was',
  }),
  /** While its session goes on; told to the model. */
  'sandbox.ended': eventKind({
    data: () => z.strictObject({ reason: text }),
    sentence: (d) => `lost its sandbox: ${brief(d.reason)}`,
  }),
  /** Its blob `summary.txt` stands for what was said in `range` from then on; that stays on the record. */
  'context.summarized': eventKind({
    data: () => z.strictObject({ messages: count, range: z.tuple([count, count]), tokensSaved: count }),
    sentence: (d) =>
      `summarised ${plural(d.messages, 'message')}, about ${plural(d.tokensSaved, 'token')} saved`,
  }),
  'context.summary_failed': eventKind({
    data: () => z.strictObject({ reason: z.string(), fallback: z.string(), failure: z.string() }),
    sentence: (d) => `could not summarise: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  'memory.stored': eventKind({
    data: () =>
      z.strictObject({
        memory: z.string(),
        category: z.string(),
        call: idSchema('call').optional(),
        embedding: z.string().nullable().optional().describe('the model of its vector'),
      }),
    sentence: (d) => `remembered something about ${d.category}`,
  }),
  'memory.queried': eventKind({
    data: () => z.strictObject({ results: count }),
    sentence: (d) => `looked into memory, ${d.results} found`,
  }),
  'memory.store_failed': eventKind({
    data: () => z.strictObject({ operation: z.string(), reason: z.string() }),
    sentence: (d) => `could not ${d.operation} its history: ${brief(d.reason)}`,
    tone: 'refused',
  }),
};
