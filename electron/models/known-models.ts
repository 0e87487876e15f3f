import { type ModelRef, modelRefSchema } from '../../shared/conversation.ts';
import { type Known, readKnown } from './known/read-known.ts';
import type { KnownProvider, Price } from './known/known-schema.ts';
import type { ModelFacts } from './models.ts';

const free: Price = { input: 0, output: 0 };

/** A model nobody lists: what most can do. */
const unlisted = { hosted: { context: 128_000, output: 16_384 }, local: { context: 32_768, output: 8_192 } };

export const providerOf = (ref: ModelRef) => ref.slice(0, ref.indexOf('/'));
export const nameOf = (ref: ModelRef) => ref.slice(ref.indexOf('/') + 1);

/** What is known of providers and models, as data: the bundled file with the person's own over it. */
export class KnownModels {
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
  }

  static async read(files: { bundled: string; own: string }): Promise<KnownModels> {
    return new KnownModels(await readKnown(files.bundled, files.own));
  }

  get asOf(): string | null {
    return this.#known.asOf;
  }

  get problems(): readonly string[] {
    return this.#known.problems;
  }

  provider(name: string): KnownProvider | undefined {
    return this.#known.providers.get(name);
  }

  providers(): ReadonlyMap<string, KnownProvider> {
    return this.#known.providers;
  }

  /** Names of a provider's listed models, in the file's order. */
  listed(provider: string): string[] {
    return [...this.#known.models.keys()].filter((ref) => providerOf(ref) === provider).map(nameOf);
  }

  /** A model as files name it that know no providers; null where none is known to have it. */
  refOf(name: string): ModelRef | null {
    if (modelRefSchema.safeParse(name).success) return name;
    const listed = [...this.#known.models.keys()].find((ref) => nameOf(ref) === name);
    if (listed !== undefined) return listed;
    const provider = [...this.#known.providers].find(([, { names }]) =>
      names.some((beginning) => name.startsWith(beginning)),
    );
    const ref = provider && `${provider[0]}/${name}`;
    return ref !== undefined && modelRefSchema.safeParse(ref).success ? ref : null;
  }

  /** Whether what is said of it is known, and not guessed. */
  isListed(ref: ModelRef): boolean {
    return this.#known.models.has(ref);
  }

  facts(ref: ModelRef): ModelFacts {
    const known = this.#known.models.get(ref);
    const usual = this.provider(providerOf(ref))?.local === true ? unlisted.local : unlisted.hosted;
    const contextTokens = known?.context ?? usual.context;
    return {
      ref,
      contextTokens,
      outputTokens: Math.min(known?.output ?? usual.output, contextTokens),
      images: known?.images ?? true,
    };
  }

  takesTemperature(ref: ModelRef): boolean {
    return this.#known.models.get(ref)?.temperature ?? true;
  }

  /** Null where nobody knows it. */
  price(ref: ModelRef): Price | null {
    const price = this.#known.models.get(ref)?.price;
    if (price) return price;
    return this.provider(providerOf(ref))?.local === true ? free : null;
  }
}
