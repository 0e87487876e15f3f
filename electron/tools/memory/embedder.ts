import type { ModelRef } from '../../../shared/conversation.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import type { EmbeddingAsker } from '../../models/embeddings.ts';

export interface EmbedderNeeds {
  /** The model of the settings; null: memories are found by words alone. */
  readonly model: () => ModelRef | null;
  readonly ask: (ref: ModelRef, text: string, by: EmbeddingAsker) => Promise<Float32Array>;
  readonly clock: Clock;
}

export interface Embedded {
  readonly model: string;
  readonly values: Float32Array;
}

/** So long a server that failed is not asked again: whoever remembers something should not wait for it each time. */
const restMs = 60_000;
const mostNumbers = 16_384;
const mostLetters = 32_000;

/** Asks the model of the settings for the meaning of a text. */
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
  async embed(text: string, by: EmbeddingAsker): Promise<Embedded | null> {
    const ref = this.model;
    if (ref === null) return null;
    const now = this.#needs.clock.now().getTime();
    if (this.#resting && now < this.#resting.until) throw this.#resting.problem;
    try {
      const values = await this.#needs.ask(ref, text.slice(0, mostLetters).toWellFormed(), by);
      this.#resting = null;
      return { model: ref, values };
    } catch (thrown) {
      const problem = Problem.of(thrown);
      // Whose budget is used up says nothing of the server.
      if (problem.code !== 'budget_exhausted') this.#resting = { until: now + restMs, problem };
      throw problem;
    }
  }
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
