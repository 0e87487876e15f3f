import type { ModelRef } from '../../shared/conversation.ts';
import type { Actor } from '../../shared/events/event.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Cell } from '../audit/projection.ts';
import type { Vault } from '../store/vault.ts';
import { baseUrlSchema, type KnownProvider, providerNameSchema } from './known/known-schema.ts';
import { type KnownModels, nameOf, providerOf } from './known-models.ts';
import type { Endpoint } from './wires/wire.ts';

export interface Provider {
  readonly name: string;
  readonly title: string;
  readonly wire: 'messages' | 'chat';
  readonly baseUrl: string;
  /** The name under which the key is kept; null: it wants none. */
  readonly secret: string | null;
  readonly local: boolean;
  /** Whether a person set it up; others are merely known. */
  readonly configured: boolean;
  readonly keyed: boolean;
  readonly known: KnownProvider | null;
}

export interface ProviderWish {
  readonly provider: string;
  readonly wire?: 'messages' | 'chat' | undefined;
  readonly baseUrl?: string | undefined;
  /** Null: it wants no key; left out: as before. */
  readonly secret?: string | null | undefined;
}

/** Where a model is asked. */
export interface Target {
  readonly provider: Provider;
  readonly endpoint: Endpoint;
  /** As the provider knows it. */
  readonly model: string;
}

/** Who serves models: what is known, and over it what a person set up. Keys are read from the vault for each call. */
export class Providers {
  readonly #record: Pick<AuditRecord, 'rows' | 'append'>;
  readonly #vault: Pick<Vault, 'get'>;
  readonly #known: KnownModels;

  constructor(record: Pick<AuditRecord, 'rows' | 'append'>, vault: Pick<Vault, 'get'>, known: KnownModels) {
    this.#record = record;
    this.#vault = vault;
    this.#known = known;
  }

  list(): Provider[] {
    const rows = this.#record.rows('SELECT * FROM providers ORDER BY provider');
    const set = new Map(rows.map((row) => [String(row['provider']), row]));
    const names = [...this.#known.providers().keys(), ...[...set.keys()].toSorted()];
    return [...new Set(names)].map((name) => this.#provider(name, set.get(name)));
  }

  find(name: string): Provider | undefined {
    const row = this.#row(name);
    return row || this.#known.provider(name) ? this.#provider(name, row) : undefined;
  }

  /** Whether it can be asked: it is set up or has its key. A local one that nobody set up is only known. */
  usable(provider: Provider): boolean {
    return provider.secret === null ? provider.configured : provider.keyed;
  }

  /** Throws what is missing, with its mend. */
  target(ref: ModelRef): Target {
    const name = providerOf(ref);
    const provider = this.find(name);
    if (!provider) {
      throw new Problem(
        'not_found',
        `There is no provider “${name}”, which ${ref} names.`,
        `There are ${this.list()
          .map((each) => each.name)
          .join(', ')}; \`holdfast configure --provider ${name} --base-url URL\` sets up another.`,
      );
    }
    const key = provider.secret === null ? null : (this.#vault.get(provider.secret) ?? null);
    if (provider.secret !== null && key === null) {
      throw new Problem(
        'unavailable',
        `There is no key for ${provider.title}: the secret ${provider.secret} is not there.`,
        `Store it with \`holdfast configure --provider ${name}\`.`,
      );
    }
    return { provider, endpoint: endpointOf(provider, key), model: nameOf(ref) };
  }

  async configure(wish: ProviderWish, by: Actor): Promise<Provider> {
    const data = this.check(wish);
    await this.#record.append({ kind: 'provider.configured', actor: by, data });
    return this.#provider(data.provider, this.#row(data.provider));
  }

  /** What would be set up; throws what is wrong with it. */
  check(wish: ProviderWish) {
    const { provider: name } = wish;
    if (!providerNameSchema.safeParse(name).success)
      throw unfit(`“${name}” is no name of a provider`, 'Use small letters, digits and dashes.');
    const before = this.find(name);
    const baseUrl = (wish.baseUrl ?? before?.baseUrl)?.replace(/\/+$/, '');
    if (baseUrl === undefined)
      throw unfit(`${name} is not known here, so it needs its address`, 'Give it with --base-url.');
    if (!baseUrlSchema.safeParse(baseUrl).success)
      throw unfit(`“${baseUrl}” is no address of a provider`, 'Give one such as https://models.example/v1.');
    const secret = wish.secret === undefined ? (before?.secret ?? null) : wish.secret;
    if (secret !== null && !safeForKeys(baseUrl))
      throw unfit(
        `A key would be sent to ${baseUrl} for everybody on the way to read`,
        'Use https, or an address of this machine.',
      );
    return { provider: name, wire: wish.wire ?? before?.wire ?? ('chat' as const), baseUrl, secret };
  }

  async remove(name: string, by: Actor): Promise<void> {
    if (this.find(name)?.configured !== true)
      throw new Problem(
        'not_found',
        `No provider “${name}” was set up.`,
        'List them with `holdfast models`.',
      );
    await this.#record.append({ kind: 'provider.removed', actor: by, data: { provider: name } });
  }

  #row(name: string): Readonly<Record<string, Cell>> | undefined {
    return this.#record.rows('SELECT * FROM providers WHERE provider = ?', name)[0];
  }

  #provider(name: string, row: Readonly<Record<string, Cell>> | undefined): Provider {
    const known = this.#known.provider(name) ?? null;
    const secret = row ? ((row['secret'] ?? null) as string | null) : (known?.secret ?? null);
    const wire = row ? row['wire'] : known?.wire;
    const baseUrl = String(row?.['base_url'] ?? known?.base_url ?? '');
    return {
      name,
      title: known?.title ?? name,
      wire: wire === 'messages' ? 'messages' : 'chat',
      baseUrl,
      secret,
      local: known?.local ?? onThisMachine(baseUrl),
      configured: row !== undefined,
      keyed: secret !== null && this.#vault.get(secret) !== undefined,
      known,
    };
  }
}

function endpointOf(provider: Provider, key: string | null): Endpoint {
  const { name, baseUrl, known } = provider;
  return {
    provider: name,
    baseUrl,
    key,
    thinkingBack: known?.thinking_back ?? null,
    outputBound: known?.output_bound ?? 'max_tokens',
  };
}

export function onThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const safeForKeys = (address: string) => address.startsWith('https:') || onThisMachine(address);

const unfit = (sentence: string, mend: string) => new Problem('invalid_input', `${sentence}.`, mend);
