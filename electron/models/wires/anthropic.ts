import type Anthropic from '@anthropic-ai/sdk';
import type { Stop, Usage } from '../../../shared/conversation.ts';
import { AnswerParts } from './answer-parts.ts';
import { clientSettings } from './client-settings.ts';
import { counted } from './counted.ts';
import { sealOf, sealOfRedacted, toAnthropic } from './anthropic-messages.ts';
import { failureOf } from './failure-reading.ts';
import { ModelFailure } from './model-failure.ts';
import { ToolNames } from './tool-names.ts';
import type { Endpoint, WireNeeds, WirePiece, WireRequest } from './wire.ts';

/** Anthropic's Messages, by its own SDK. */
export async function* askAnthropic(
  endpoint: Endpoint,
  request: WireRequest,
  needs: WireNeeds,
  signal: AbortSignal,
): AsyncGenerator<WirePiece, void> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  const client = new Client({ ...clientSettings(endpoint, needs), openTelemetry: false });
  const names = new ToolNames(request.tools.map(({ name }) => name));
  const reading = new AnthropicReading(names, endpoint.provider, needs);
  try {
    const events = await client.messages.create(paramsOf(endpoint, request, names), { signal });
    yield { kind: 'open' };
    for await (const event of events) yield* reading.take(event);
    if (signal.aborted) return;
    yield { kind: 'end', answer: reading.finished() };
  } catch (thrown) {
    throw failureOf(thrown, endpoint.key);
  }
}

function paramsOf(
  endpoint: Endpoint,
  request: WireRequest,
  names: ToolNames,
): Anthropic.MessageCreateParamsStreaming {
  const { tools, system } = request;
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    stream: true,
    messages: toAnthropic(request.messages, names, endpoint),
    ...(system === ''
      ? {}
      : { system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }] }),
    ...(request.temperature === undefined ? {} : { temperature: Math.min(1, request.temperature) }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            name: names.told(tool.name),
            description: tool.description,
            input_schema: { ...tool.schema, type: 'object' as const },
          })),
        }),
  };
}

const stops: Readonly<Record<Anthropic.StopReason, Stop>> = {
  end_turn: 'end',
  max_tokens: 'length',
  stop_sequence: 'stop_sequence',
  tool_use: 'calls',
  pause_turn: 'end',
  refusal: 'refusal',
  model_context_window_exceeded: 'length',
};

class AnthropicReading {
  readonly #parts = new AnswerParts();
  readonly #names: ToolNames;
  readonly #provider: string;
  readonly #needs: WireNeeds;
  #input: Omit<Usage, 'output'> | null = null;
  #output = 0;
  #stop: Stop | null = null;
  #ended = false;

  constructor(names: ToolNames, provider: string, needs: WireNeeds) {
    this.#names = names;
    this.#provider = provider;
    this.#needs = needs;
  }

  *take(event: Anthropic.RawMessageStreamEvent): Generator<WirePiece, void> {
    switch (event.type) {
      case 'message_start':
        this.#count(event.message.usage);
        return;
      case 'content_block_start':
        yield* this.#begin(event.index, event.content_block);
        return;
      case 'content_block_delta':
        yield* this.#grow(event.index, event.delta);
        return;
      case 'message_delta':
        this.#count(event.usage);
        if (event.delta.stop_reason !== null) this.#stop = stops[event.delta.stop_reason] ?? 'end';
        return;
      case 'message_stop':
        this.#ended = true;
        return;
      case 'content_block_stop':
        yield { kind: 'more' };
    }
  }

  finished() {
    if (!this.#ended || this.#stop === null)
      throw new ModelFailure('cut', 'The answer broke off before its end.');
    const usage = this.#input === null ? null : { ...this.#input, output: this.#output };
    return { parts: this.#parts.finished(), stop: this.#stop, usage };
  }

  *#begin(
    at: number,
    block: Anthropic.RawContentBlockStartEvent['content_block'],
  ): Generator<WirePiece, void> {
    if (block.type === 'tool_use') {
      const tool = this.#names.own(block.name);
      this.#parts.begin(at, tool, this.#needs.newCall);
      yield { kind: 'call', tool };
    } else if (block.type === 'text') {
      this.#parts.text(at, block.text);
      if (block.text !== '') yield { kind: 'text', text: block.text };
    } else if (block.type === 'thinking') {
      this.#parts.thinking(at, block.thinking);
    } else if (block.type === 'redacted_thinking') {
      this.#parts.thinking(at, '', sealOfRedacted(this.#provider, block.data));
    }
  }

  *#grow(at: number, delta: Anthropic.RawContentBlockDelta): Generator<WirePiece, void> {
    if (delta.type === 'text_delta') {
      this.#parts.text(at, delta.text);
      yield { kind: 'text', text: delta.text };
    } else if (delta.type === 'thinking_delta') {
      this.#parts.thinking(at, delta.thinking);
      yield { kind: 'thinking', text: delta.thinking };
    } else if (delta.type === 'signature_delta') {
      this.#parts.thinking(at, '', sealOf(this.#provider, delta.signature));
    } else if (delta.type === 'input_json_delta') {
      this.#parts.argumentsOf(at, delta.partial_json);
      yield { kind: 'more' };
    }
  }

  #count(usage: Partial<Anthropic.MessageDeltaUsage>): void {
    const { input_tokens: fresh, output_tokens: output } = usage;
    if (typeof fresh === 'number') {
      const cacheRead = counted(usage.cache_read_input_tokens);
      const cacheWrite = counted(usage.cache_creation_input_tokens);
      this.#input = { input: counted(fresh) + cacheRead + cacheWrite, cacheRead, cacheWrite };
    }
    if (typeof output === 'number') this.#output = Math.max(this.#output, counted(output));
  }
}
