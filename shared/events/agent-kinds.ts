import { z } from 'zod';
import { brief, eventKind } from './kind.ts';

const text = z.string().max(100_000);
const count = z.int().min(0);

/** Agents, their loops, their messages and what they spend. */
export const agentKinds = {
  'agent.started': eventKind({
    data: z.strictObject({ manifest: z.string() }),
    sentence: (d) => `started from ${d.manifest}`,
    otel: 'create_agent',
    tone: 'running',
  }),
  'agent.stopped': eventKind({
    data: z.strictObject({ reason: z.string() }),
    sentence: (d) => `stopped: ${brief(d.reason)}`,
  }),
  'turn.started': eventKind({
    data: z.strictObject({ preview: text }),
    sentence: (d) => `took up “${brief(d.preview, 100)}”`,
    otel: 'invoke_agent',
    tone: 'running',
  }),
  'turn.finished': eventKind({
    data: z.strictObject({ stopReason: z.string(), iterations: count }),
    sentence: (d) => `finished after ${d.iterations} iterations: ${d.stopReason}`,
    otel: 'invoke_agent',
  }),
  'loop.started': eventKind({
    data: z.strictObject({ lifecycle: z.string() }),
    sentence: (d) => `began to listen (${d.lifecycle})`,
  }),
  'loop.stopped': eventKind({
    data: z.strictObject({ reason: z.string(), messages: count }),
    sentence: (d) => `stopped listening after ${d.messages} messages: ${brief(d.reason)}`,
  }),
  'message.sent': eventKind({
    data: z.strictObject({ from: z.string(), to: z.string() }),
    sentence: (d) => `sent a message to ${d.to}`,
  }),
  'message.delivered': eventKind({
    data: z.strictObject({ from: z.string(), to: z.string() }),
    sentence: (d) => `delivered a message from ${d.from} to ${d.to}`,
  }),
  'message.received': eventKind({
    data: z.strictObject({ trace: z.string(), method: z.string() }),
    sentence: (d) => `received ${d.method}`,
  }),
  'model.called': eventKind({
    data: z.strictObject({ model: z.string(), inputTokens: count, outputTokens: count }),
    sentence: (d) => `${d.model}, ${d.inputTokens} in, ${d.outputTokens} out`,
    otel: 'chat',
  }),
  'context.summarized': eventKind({
    data: z.strictObject({ messages: count, range: z.tuple([count, count]), tokensSaved: count }),
    sentence: (d) => `summarised ${d.messages} messages, about ${d.tokensSaved} tokens saved`,
  }),
  'context.summary_failed': eventKind({
    data: z.strictObject({ reason: z.string(), fallback: z.string(), failure: z.string() }),
    sentence: (d) => `could not summarise: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  'memory.stored': eventKind({
    data: z.strictObject({ memory: z.string(), category: z.string() }),
    sentence: (d) => `remembered something about ${d.category}`,
  }),
  'memory.queried': eventKind({
    data: z.strictObject({ results: count }),
    sentence: (d) => `looked into memory, ${d.results} found`,
  }),
  'memory.store_failed': eventKind({
    data: z.strictObject({ operation: z.string(), reason: z.string() }),
    sentence: (d) => `could not ${d.operation} its history: ${brief(d.reason)}`,
    tone: 'refused',
  }),
};
