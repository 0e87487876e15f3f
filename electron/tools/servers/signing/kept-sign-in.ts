import type { StoredOAuthClientInformation, StoredOAuthTokens } from '@modelcontextprotocol/client';
import type { Vault } from '../../../store/vault.ts';

type Client = StoredOAuthClientInformation;
type Tokens = StoredOAuthTokens;

const parts = ['client', 'tokens', 'access', 'refresh'] as const;

/**
 * What a sign-in left, in the vault alone. The tokens lie there by themselves as well, so that what never may reach
 * the record is known by its value.
 */
export class KeptSignIn {
  readonly #vault: Pick<Vault, 'get' | 'set' | 'remove'>;
  readonly #server: string;

  constructor(vault: Pick<Vault, 'get' | 'set' | 'remove'>, server: string) {
    this.#vault = vault;
    this.#server = server;
  }

  get client(): Client | undefined {
    return this.#read('client') as Client | undefined;
  }

  get tokens(): Tokens | undefined {
    return this.#read('tokens') as Tokens | undefined;
  }

  async keepClient(client: Client): Promise<void> {
    await this.#vault.set(this.#name('client'), JSON.stringify(client));
  }

  /** Kept before they are used: a refresh token that was rotated works no second time. */
  async keepTokens(tokens: Tokens): Promise<void> {
    const refresh = tokens.refresh_token ?? this.tokens?.refresh_token;
    const kept = refresh === undefined ? tokens : { ...tokens, refresh_token: refresh };
    await this.#vault.set(this.#name('tokens'), JSON.stringify(kept));
    await this.#vault.set(this.#name('access'), tokens.access_token);
    if (refresh !== undefined) await this.#vault.set(this.#name('refresh'), refresh);
  }

  async forgetTokens(): Promise<void> {
    for (const part of parts) if (part !== 'client') await this.#vault.remove(this.#name(part));
  }

  async forget(): Promise<void> {
    for (const part of parts) await this.#vault.remove(this.#name(part));
  }

  #name(part: (typeof parts)[number]): string {
    return `mcp.${this.#server}.${part}`;
  }

  #read(part: (typeof parts)[number]): unknown {
    const text = this.#vault.get(this.#name(part));
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }
}
