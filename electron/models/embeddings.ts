import { z } from 'zod';
import type { Message, ModelRef } from '../../shared/conversation.ts';
import type { Actor, Scope } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Budgets, Reservation } from './budgets.ts';
import { estimatedInput } from './budgets/estimate.ts';
import { Settling } from './calling/settling.ts';
import type { KnownModels } from './known-models.ts';
import type { CallBudgets } from './models.ts';
import type { Providers, Target } from './providers.ts';
import { boundedFetch } from './wires/bounded-fetch.ts';
import { failureOf } from './wires/failure-reading.ts';
import { ModelFailure } from './wires/model-failure.ts';

export interface EmbeddingParts {
  readonly record: Pick<AuditRecord, 'append'>;
  readonly known: KnownModels;
  readonly providers: Providers;
  readonly budgets: Budgets;
  readonly fetch: typeof globalThis.fetch;
}

/** For whom a text is embedded, and what that may spend. */
export interface EmbeddingAsker {
  readonly agent: string;
  readonly actor: Actor;
  /** Its session is charged, where there is one: a person who puts a memory right has none. */
  readonly scope: Scope;
  readonly budgets?: CallBudgets | undefined;
}

const patienceMs = 15_000;
const mostBytes = 4_000_000;
const mostNumbers = 16_384;

const answerSchema = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).min(1).max(mostNumbers) })).min(1),
  usage: z.unknown(),
});
const usageSchema = z.object({ prompt_tokens: z.int().min(0) });

/**
 * The meaning of a text, over the embeddings of OpenAI’s interface, which Ollama speaks as well. As with every call
 * of a model the budgets come first, then the intent on the record, then the question; what it cost is settled.
 */
export class Embeddings {
  readonly #parts: EmbeddingParts;

  constructor(parts: EmbeddingParts) {
    this.#parts = parts;
  }

  async embed(ref: ModelRef, text: string, by: EmbeddingAsker): Promise<Float32Array> {
    const { providers, known, budgets } = this.#parts;
    const target = providers.target(ref);
    const price = known.price(ref);
    const message: Message = { role: 'user', parts: [{ kind: 'text', text }] };
    const input = estimatedInput({ system: '', messages: [message], tools: [] });
    const { agent, scope } = by;
    const session = scope.session ?? null;
    const wish = { model: ref, agent, session, budgets: by.budgets, input, output: 0, price };
    const reserved = budgets.reserve(wish);
    const settling = new Settling(reserved, input, price);
    const request = await this.#intent(ref, by, reserved).catch((thrown: unknown) => {
      settling.nothing();
      throw thrown;
    });
    try {
      const { data, usage } = await this.#ask(target, text);
      const told = usageSchema.safeParse(usage).data;
      const counted = told ? { input: told.prompt_tokens, output: 0, cacheRead: 0, cacheWrite: 0 } : null;
      await this.#called(ref, by, request, settling.answered(counted));
      return Float32Array.from(data[0]!.embedding);
    } catch (thrown) {
      const failure = failureOf(thrown, target.endpoint.key);
      if (!settling.done) await this.#failed(ref, by, request, { failure, settling });
      throw thrown instanceof Problem ? thrown : problemOf(ref, failure);
    }
  }

  async #ask({ endpoint, model }: Target, input: string): Promise<z.infer<typeof answerSchema>> {
    const { baseUrl, key } = endpoint;
    const signal = AbortSignal.timeout(patienceMs);
    let begun = false;
    try {
      const response = await boundedFetch(this.#parts.fetch, mostBytes)(
        `${baseUrl.replace(/\/+$/, '')}/embeddings`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          },
          body: JSON.stringify({ model, input, encoding_format: 'float' }),
          redirect: 'error',
          signal,
        },
      );
      if (!response.ok) {
        await response.body?.cancel();
        throw failureOf({ status: response.status, message: `it answered ${response.status}` }, key);
      }
      begun = true;
      return answerSchema.parse(await response.json());
    } catch (thrown) {
      const failure = signal.aborted
        ? new ModelFailure('slow', `It gave no embedding within ${patienceMs / 1000} seconds.`)
        : thrown instanceof z.ZodError
          ? new ModelFailure('malformed', 'It is no embedding.')
          : failureOf(thrown, key);
      failure.begun = begun;
      throw failure;
    }
  }

  async #intent(
    model: ModelRef,
    { actor, scope, agent }: EmbeddingAsker,
    { tokens, micros, charged, agents }: Reservation,
  ): Promise<Id<'event'>> {
    const others = {
      ...(charged.length > 0 && { charged: [...charged] }),
      ...(agents.length > 0 && { agents: [...agents] }),
    };
    const data = { model, messages: 1, reserved: { tokens, micros }, ...others };
    const event = { kind: 'model.requested', actor, scope: { ...scope, agent }, data } as const;
    return (await this.#parts.record.append(event)).id;
  }

  async #called(
    model: ModelRef,
    { actor, scope, agent }: EmbeddingAsker,
    parent: Id<'event'>,
    { usage, cost }: ReturnType<Settling['answered']>,
  ): Promise<void> {
    await this.#parts.record.append({
      kind: 'model.called',
      actor,
      scope: { ...scope, agent },
      parent,
      data: {
        model,
        inputTokens: usage.input,
        outputTokens: usage.output,
        ...(cost !== null && { cost }),
        attempts: 1,
        aside: true,
      },
    });
  }

  async #failed(
    model: ModelRef,
    { actor, scope, agent }: EmbeddingAsker,
    parent: Id<'event'>,
    { failure, settling }: { failure: ModelFailure; settling: Settling },
  ): Promise<void> {
    // Who was refused at the door is not charged; who got inside, or may have, is.
    const refused = !failure.begun && !['slow', 'cut'].includes(failure.kind);
    const settled = refused ? settling.nothing() : settling.guessed();
    await this.#parts.record.append({
      kind: 'model.failed',
      actor,
      scope: { ...scope, agent },
      parent,
      data: { model, code: failure.kind, reason: failure.message.slice(0, 2000), settled },
    });
  }
}

function problemOf(ref: ModelRef, failure: ModelFailure): Problem {
  const { kind, message } = failure;
  const said = message.trim().replace(/\.?$/, '.');
  const sentence = `${ref} gave no embedding: ${said}`;
  const mend = 'Look at the setting memory.embeddings and at its provider with `holdfast models`.';
  if (kind === 'unreachable') return new Problem('unreachable', sentence, mend, { cause: failure });
  return new Problem(failure.passing ? 'model_failed' : 'model_refused', sentence, mend, { cause: failure });
}
