import type { AuthProvider } from '@modelcontextprotocol/client';
import type { KeptSignIn } from './kept-sign-in.ts';
import { OAuthClient, type OAuthWish, signInNeeded } from './oauth-client.ts';

/** Gives the token of a sign-in, and refreshes it where the server takes it no more: once for all who wait. */
export function tokenSource(kept: KeptSignIn, wish: OAuthWish): AuthProvider {
  let refreshing: Promise<void> | undefined;
  let given: string | undefined;
  const refresh = async ({
    response,
    serverUrl,
    fetchFn,
  }: Parameters<NonNullable<AuthProvider['onUnauthorized']>>[0]) => {
    const kit = await import('@modelcontextprotocol/client');
    if (kept.tokens?.refresh_token === undefined) throw signInNeeded();
    const { resourceMetadataUrl, scope } = kit.extractWWWAuthenticateParams(response);
    const client = new OAuthClient(kept, wish, null);
    const done = await kit
      .auth(client, {
        serverUrl,
        fetchFn,
        ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
        ...(scope === undefined ? {} : { scope }),
      })
      .catch(() => 'failed');
    if (done !== 'AUTHORIZED') throw signInNeeded();
  };
  return {
    token() {
      given = kept.tokens?.access_token;
      return Promise.resolve(given);
    },
    async onUnauthorized(context) {
      // Somebody else has refreshed it meanwhile.
      if (kept.tokens?.access_token !== given && kept.tokens) return;
      refreshing ??= refresh(context).finally(() => (refreshing = undefined));
      await refreshing;
    },
  };
}
