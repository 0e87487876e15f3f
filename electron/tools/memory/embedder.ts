import { z } from 'zod';
import type { ModelRef } from '../../../shared/conversation.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';

export interface EmbedderNeeds {
  /** The model of the settings; null: memories are found by words alone. */
  readonly model: () => ModelRef | null;
  /** Where it is asked. Throws what is missing. */
  readonly endpoint: (ref: ModelRef) => Promise<{ baseUrl: string; key: string | null; model: string }>;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
}

export interface Embedded {
  readonly model: string;
  readonly values: Float32Array;
}

const patienceMs = 15_000;
/** So long a server that failed is not asked again: whoever remembers something should not wait for it each time. */
const restMs = 60_000;
const mostBytes = 4_000_000;
const mostNumbers = 16_384;
const mostLetters = 32_000;

const answer = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).min(1).max(mostNumbers) })).min(1),
});

/** Asks a server for the meaning of a text, over the embeddings of OpenAI’s interface, which Ollama speaks as well. */
export class Embedder {
  readonly #needs: EmbedderNeeds;
  #resting: { readonly until: number; readonly problem: Problem } | null = null;

  constructor(needs: EmbedderNeeds) {
    this.#needs = needs;
  }

  get model(): ModelRef | null {
    return this.#needs.model();
  }

  /** Null where no model is set; throws what is wrong with the one that is. */
  async embed(text: string): Promise<Embedded | null> {
    const ref = this.model;
    if (ref === null) return null;
    const now = this.#needs.clock.now().getTime();
    if (this.#resting && now < this.#resting.until) throw this.#resting.problem;
    try {
      const values = await this.#ask(ref, text.slice(0, mostLetters).toWellFormed());
      this.#resting = null;
      return { model: ref, values };
    } catch (thrown) {
      const problem = problemOf(ref, thrown);
      this.#resting = { until: now + restMs, problem };
      throw problem;
    }
  }

  async #ask(ref: ModelRef, input: string): Promise<Float32Array> {
    const { baseUrl, key, model } = await this.#needs.endpoint(ref);
    const response = await this.#needs.fetch(`${baseUrl.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ model, input, encoding_format: 'float' }),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Problem(
        'model_refused',
        `${ref} answered ${response.status} when it was asked for an embedding.`,
      );
    }
    const { data } = answer.parse(JSON.parse(await boundedText(response)));
    return Float32Array.from(data[0]!.embedding);
  }
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > mostBytes) throw new Problem('too_large', 'The answer is too long for an embedding.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function problemOf(ref: ModelRef, thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof z.ZodError || thrown instanceof SyntaxError) {
    return new Problem('model_failed', `What ${ref} answered is no embedding.`);
  }
  const slow = thrown instanceof Error && thrown.name === 'TimeoutError';
  return new Problem(
    'unreachable',
    slow ? `${ref} gave no embedding in time.` : `${ref} cannot be reached for an embedding.`,
    undefined,
    { cause: thrown },
  );
}

/** As it is kept on the record: 32-bit floats, little endian. */
export function bytesOfVector(values: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes;
}

export function vectorOfBytes(bytes: Uint8Array): Float32Array | null {
  if (bytes.byteLength === 0 || bytes.byteLength % 4 !== 0 || bytes.byteLength > mostNumbers * 4) return null;
  const from = Buffer.from(bytes);
  return Float32Array.from({ length: from.length / 4 }, (_, i) => from.readFloatLE(i * 4));
}
