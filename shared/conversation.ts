import { z } from 'zod';
import { idSchema } from './ids.ts';

/** What a message may hold of one image, in bytes. */
export const mostImageBytes = 5_000_000;

export const textPartSchema = z.strictObject({ kind: z.literal('text'), text: z.string() });
export type TextPart = z.infer<typeof textPartSchema>;
export const imagePartSchema = z.strictObject({
  kind: z.literal('image'),
  type: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  data: z.base64().max(Math.ceil(mostImageBytes / 3) * 4),
});
/** What a model thought aloud; some want it back with their own seal on it. */
export const thinkingPartSchema = z.strictObject({
  kind: z.literal('thinking'),
  text: z.string(),
  seal: z.string().nullable(),
});
/** A tool call as the model wrote it. `malformed` tells what is wrong with arguments that are no JSON object. */
export const callPartSchema = z.strictObject({
  kind: z.literal('call'),
  call: idSchema('call'),
  tool: z.string().max(200),
  input: z.record(z.string(), z.json()),
  malformed: z.string().nullable(),
});
export type CallPart = z.infer<typeof callPartSchema>;

export const contentPartSchema = z.discriminatedUnion('kind', [textPartSchema, imagePartSchema]);
export type ContentPart = z.infer<typeof contentPartSchema>;

export const resultPartSchema = z.strictObject({
  kind: z.literal('result'),
  call: idSchema('call'),
  tool: z.string(),
  ok: z.boolean(),
  content: z.array(contentPartSchema),
});
export type ResultPart = z.infer<typeof resultPartSchema>;

export const userMessageSchema = z.strictObject({
  role: z.literal('user'),
  parts: z.array(z.discriminatedUnion('kind', [textPartSchema, imagePartSchema, resultPartSchema])).min(1),
});
export const assistantMessageSchema = z.strictObject({
  role: z.literal('assistant'),
  parts: z.array(z.discriminatedUnion('kind', [textPartSchema, thinkingPartSchema, callPartSchema])),
});
/** One message of a conversation with a model; results of tools go back as a user's message. */
export const messageSchema = z.discriminatedUnion('role', [userMessageSchema, assistantMessageSchema]);
export type Message = z.infer<typeof messageSchema>;
export type UserMessage = z.infer<typeof userMessageSchema>;
export type AssistantMessage = z.infer<typeof assistantMessageSchema>;

const tokens = z.int().min(0);
/** What one call used, as its provider counts. `input` counts every token sent, those read from a cache included. */
export const usageSchema = z.strictObject({
  input: tokens,
  output: tokens,
  cacheRead: tokens.describe('of `input`'),
  cacheWrite: tokens.describe('of `input`'),
});
export type Usage = z.infer<typeof usageSchema>;

/** Why a model stopped. */
export const stopSchema = z.enum(['end', 'calls', 'length', 'stop_sequence', 'refusal', 'content_filter']);
export type Stop = z.infer<typeof stopSchema>;

/** Money in millionths of a US dollar; null where nobody knows the price. */
export const moneySchema = z.int().min(0).nullable();

/** `provider/name`; the name may have further slashes. */
export const modelRefSchema = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9][a-z0-9_-]*\/[^\s]+$/,
    'is written provider/name, for example anthropic/claude-sonnet-4-5',
  );
export type ModelRef = z.infer<typeof modelRefSchema>;
