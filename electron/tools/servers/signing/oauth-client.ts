import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { Problem } from '../../../../shared/problem.ts';
import type { KeptSignIn } from './kept-sign-in.ts';

export interface OAuthWish {
  readonly scopes: readonly string[];
  /** Null: it registers itself. */
  readonly clientId: string | null;
}

/** What the kit asks while it signs in or refreshes. Without a browser to go to, nothing new is begun. */
export class OAuthClient implements OAuthClientProvider {
  readonly redirectUrl: string;
  readonly #kept: KeptSignIn;
  readonly #wish: OAuthWish;
  readonly #state: string;
  #verifier: string | undefined;
  #discovered: OAuthDiscoveryState | undefined;
  /** Where the person signs in. */
  asked: URL | undefined;

  constructor(kept: KeptSignIn, wish: OAuthWish, browser: { redirectUrl: string; state: string } | null) {
    this.#kept = kept;
    this.#wish = wish;
    this.redirectUrl = browser?.redirectUrl ?? 'http://127.0.0.1/callback';
    this.#state = browser?.state ?? '';
  }

  get clientMetadata(): OAuthClientMetadata {
    const { scopes } = this.#wish;
    return {
      client_name: 'Holdfast',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    };
  }

  state(): string {
    return this.#state;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    const { clientId } = this.#wish;
    return clientId === null ? this.#kept.client : { client_id: clientId };
  }

  saveClientInformation(client: StoredOAuthClientInformation): Promise<void> {
    return this.#kept.keepClient(client);
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#kept.tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): Promise<void> {
    return this.#kept.keepTokens(tokens);
  }

  redirectToAuthorization(url: URL): void {
    if (this.#state === '') throw signInNeeded();
    this.asked = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier ?? '';
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovered;
  }

  async invalidateCredentials(what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): Promise<void> {
    if (what === 'all' || what === 'client') await this.#kept.forget();
    else if (what === 'tokens') await this.#kept.forgetTokens();
    if (what === 'all' || what === 'discovery') this.#discovered = undefined;
  }
}

export function signInNeeded(): Problem {
  return new Problem(
    'unauthorized',
    'The server wants you to sign in.',
    'Sign in to it with a browser: in Settings, under MCP, or with `holdfast mcp servers sign-in`.',
  );
}
