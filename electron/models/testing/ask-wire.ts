import { onTestFinished } from 'vitest';
import type { Message } from '../../../shared/conversation.ts';
import {
  type ModelStandIn,
  type ModelStandInOptions,
  startModelStandIn,
} from '../../../e2e/stand-in-models/stand-in.ts';
import { newId } from '../../base/ids.ts';
import type { ModelTool } from '../models.ts';
import { askAnthropic } from '../wires/anthropic.ts';
import { askChatCompletions } from '../wires/chat-completions.ts';
import type { Endpoint, Wire, WireAnswer, WirePiece, WireRequest } from '../wires/wire.ts';

/** A stand-in that is gone when the test is over. */
export async function standIn(options: ModelStandInOptions): Promise<ModelStandIn> {
  const server = await startModelStandIn(options);
  onTestFinished(() => server.close());
  return server;
}

export const wires = { messages: askAnthropic, chat: askChatCompletions } satisfies Record<string, Wire>;
export type WireUnderTest = keyof typeof wires;

export function endpointOf(
  server: ModelStandIn,
  wire: WireUnderTest,
  key: string | null = 'test-key',
): Endpoint {
  return {
    provider: wire === 'messages' ? 'anthropic' : 'deepseek',
    baseUrl: wire === 'messages' ? server.url : server.openai,
    key,
    thinkingBack: wire === 'messages' ? null : 'reasoning_content',
    outputBound: 'max_tokens',
  };
}

export const readFile: ModelTool = {
  name: 'file_read',
  description: 'Reads a file.',
  schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

export const says = (text: string): Message => ({ role: 'user', parts: [{ kind: 'text', text }] });

export interface Asked {
  readonly pieces: readonly WirePiece[];
  readonly text: string;
  readonly thinking: string;
  readonly answer: WireAnswer | undefined;
}

export async function ask(
  server: ModelStandIn,
  wire: WireUnderTest,
  request: Partial<WireRequest> & { key?: string | null } = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Asked> {
  const { key = 'test-key', ...wish } = request;
  const whole: WireRequest = {
    model: 'stand-in-1',
    system: 'You are a test.',
    messages: [says('Hello')],
    tools: [readFile],
    maxOutputTokens: 1000,
    ...wish,
  };
  const needs = { fetch: globalThis.fetch, newCall: () => newId('call', new Date()) };
  const pieces: WirePiece[] = [];
  for await (const piece of wires[wire](endpointOf(server, wire, key), whole, needs, signal))
    pieces.push(piece);
  const joined = (kind: 'text' | 'thinking') =>
    pieces.flatMap((piece) => (piece.kind === kind ? [piece.text] : [])).join('');
  const end = pieces.find((piece) => piece.kind === 'end');
  return { pieces, text: joined('text'), thinking: joined('thinking'), answer: end?.answer };
}
