import type OpenAI from 'openai';
import type { Stop, Usage } from '../../../shared/conversation.ts';
import { AnswerParts } from './answer-parts.ts';
import { clientSettings } from './client-settings.ts';
import { counted } from './counted.ts';
import { toChat } from './chat-messages.ts';
import { failureOf } from './failure-reading.ts';
import { ModelFailure } from './model-failure.ts';
import { ToolNames } from './tool-names.ts';
import type { Endpoint, WireNeeds, WirePiece, WireRequest } from './wire.ts';

/** Chat completions as OpenAI, and many others after it, serve them. */
export async function* askChatCompletions(
  endpoint: Endpoint,
  request: WireRequest,
  needs: WireNeeds,
  signal: AbortSignal,
): AsyncGenerator<WirePiece, void> {
  const { default: Client } = await import('openai');
  const client = new Client({
    ...clientSettings(endpoint, needs),
    // Nothing is taken from this machine's environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
  });
  const names = new ToolNames(request.tools.map(({ name }) => name));
  const reading = new ChatReading(names, endpoint, needs);
  try {
    const chunks = await client.chat.completions.create(paramsOf(endpoint, request, names), { signal });
    yield { kind: 'open' };
    for await (const chunk of chunks) yield* reading.take(chunk);
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
): OpenAI.ChatCompletionCreateParamsStreaming {
  const { tools } = request;
  return {
    model: request.model,
    stream: true,
    stream_options: { include_usage: true },
    [endpoint.outputBound]: request.maxOutputTokens,
    messages: toChat(request.system, request.messages, names, endpoint),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            type: 'function' as const,
            function: { name: names.told(tool.name), description: tool.description, parameters: tool.schema },
          })),
        }),
  };
}

type Finish = NonNullable<OpenAI.ChatCompletionChunk.Choice['finish_reason']>;
const stops: Readonly<Record<Finish, Stop>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'calls',
  function_call: 'calls',
  content_filter: 'content_filter',
};

/** What providers beside OpenAI add to a delta. */
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & { reasoning_content?: unknown; reasoning?: unknown };

class ChatReading {
  readonly #parts = new AnswerParts();
  readonly #names: ToolNames;
  readonly #endpoint: Endpoint;
  readonly #needs: WireNeeds;
  #usage: Usage | null = null;
  #stop: Stop | null = null;
  #refused = false;
  /** Tells apart what comes before and after a call: text of one kind that follows another is a part of its own. */
  #current = { kind: '', at: 0 };
  /** The call that is being written under each of the provider's numbers. */
  readonly #open = new Map<number, { at: string; id: string | undefined }>();

  constructor(names: ToolNames, endpoint: Endpoint, needs: WireNeeds) {
    this.#names = names;
    this.#endpoint = endpoint;
    this.#needs = needs;
  }

  *take(chunk: OpenAI.ChatCompletionChunk): Generator<WirePiece, void> {
    if (chunk.usage) this.#usage = usageOf(chunk.usage);
    const choice = chunk.choices[0];
    if (!choice) return;
    const delta: Delta = choice.delta;
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string' && thought !== '') {
      const seal = this.#endpoint.thinkingBack === null ? null : `${this.#endpoint.provider}:`;
      this.#parts.thinking(this.#place('thinking'), thought, seal);
      yield { kind: 'thinking', text: thought };
    }
    for (const text of [delta.content, delta.refusal]) {
      if (typeof text !== 'string' || text === '') continue;
      this.#refused ||= text === delta.refusal;
      this.#parts.text(this.#place('text'), text);
      yield { kind: 'text', text };
    }
    for (const call of delta.tool_calls ?? []) yield* this.#call(call);
    if (choice.finish_reason) this.#stop = stops[choice.finish_reason] ?? 'end';
  }

  finished() {
    if (this.#stop === null) throw new ModelFailure('cut', 'The answer broke off before its end.');
    const parts = this.#parts.finished();
    // Some servers say `stop` where they mean calls.
    const calls = this.#parts.calls > 0 && this.#stop === 'end';
    const stop: Stop = calls ? 'calls' : this.#refused && this.#stop === 'end' ? 'refusal' : this.#stop;
    return { parts, stop, usage: this.#usage };
  }

  /** Some servers number every call 0, and tell them apart by the id alone. */
  *#call(call: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall): Generator<WirePiece, void> {
    const { index, id, function: written } = call;
    const open = this.#open.get(index);
    let at = open?.at;
    if (at === undefined || (id && open?.id && id !== open.id)) {
      at = `call ${index} ${this.#parts.calls}`;
      this.#open.set(index, { at, id });
      const tool = this.#names.own(written?.name ?? '');
      this.#current = { kind: 'call', at: this.#current.at };
      this.#parts.begin(at, tool, this.#needs.newCall);
      yield { kind: 'call', tool };
    }
    const piece = written?.arguments;
    if (typeof piece === 'string' && piece !== '') this.#parts.argumentsOf(at, piece);
    yield { kind: 'more' };
  }

  #place(kind: string): string {
    if (this.#current.kind !== kind) this.#current = { kind, at: this.#current.at + 1 };
    return `${kind} ${this.#current.at}`;
  }
}

function usageOf(usage: OpenAI.CompletionUsage & { prompt_cache_hit_tokens?: unknown }): Usage {
  const input = counted(usage.prompt_tokens);
  const details = usage.prompt_tokens_details;
  const read = counted(details?.cached_tokens ?? usage.prompt_cache_hit_tokens);
  return {
    input,
    output: counted(usage.completion_tokens),
    cacheRead: Math.min(input, read),
    cacheWrite: Math.min(input - Math.min(input, read), counted(details?.cache_write_tokens)),
  };
}
