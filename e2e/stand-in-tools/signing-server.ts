import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface TellableTool {
  readonly name: string;
  readonly description?: string;
}

/** A server of tools behind OAuth, with the place where one signs in: PKCE, registration, rotated refresh tokens. */
export async function startSigningServer() {
  const state = {
    /** Tokens that it takes. */
    access: '',
    refresh: '',
    refreshed: 0,
    registered: [] as string[],
    /** Whoever is asked to sign in says yes. */
    willing: true,
    calls: 0,
    tools: [{ name: 'who' }] as TellableTool[],
  };
  let challenge = '';
  let made = 0;
  const tokens = () => {
    made++;
    state.access = `access-token-number-${made}`;
    state.refresh = `refresh-token-number-${made}`;
    const [access_token, refresh_token] = [state.access, state.refresh];
    return { access_token, refresh_token, token_type: 'Bearer', expires_in: 3600 };
  };
  const server = createServer((request, response) => {
    const json = (status: number, value: unknown, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(value));
    void answer(request).catch(() => json(500, {}));

    async function answer({ url = '', method, headers }: IncomingMessage): Promise<unknown> {
      const origin = `http://${headers.host}`;
      const { pathname, searchParams } = new URL(url, origin);
      const body = method === 'POST' ? await text(request) : '';
      switch (pathname) {
        case '/.well-known/oauth-protected-resource/mcp':
          return json(200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
        case '/.well-known/oauth-authorization-server':
          return json(200, metadata(origin));
        case '/register': {
          const wish = JSON.parse(body) as { redirect_uris: string[] };
          state.registered.push(...wish.redirect_uris);
          return json(201, { ...wish, client_id: `client-${state.registered.length}` });
        }
        case '/authorize': {
          challenge = searchParams.get('code_challenge') ?? '';
          const back = new URL(searchParams.get('redirect_uri') ?? '');
          if (state.willing) back.searchParams.set('code', 'the-code');
          else back.searchParams.set('error', 'access_denied');
          back.searchParams.set('state', searchParams.get('state') ?? '');
          return response.writeHead(302, { location: back.href }).end();
        }
        case '/token': {
          const asked = new URLSearchParams(body);
          if (asked.get('grant_type') === 'refresh_token') {
            if (asked.get('refresh_token') !== state.refresh) return json(400, { error: 'invalid_grant' });
            state.refreshed++;
            return json(200, tokens());
          }
          const verified = hash('sha256', asked.get('code_verifier') ?? '', 'base64url') === challenge;
          return verified ? json(200, tokens()) : json(400, { error: 'invalid_grant' });
        }
        case '/mcp':
          if (headers.authorization !== `Bearer ${state.access}` || state.access === '') {
            const where = `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`;
            return json(401, {}, { 'www-authenticate': where });
          }
          return method === 'POST' ? speak(body, state, json, response) : response.writeHead(405).end();
        default:
          return json(404, {});
      }
    }
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { state, url: `http://127.0.0.1:${port}/mcp`, close };
}

const metadata = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
});

function speak(
  body: string,
  state: { calls: number; readonly tools: readonly TellableTool[] },
  json: (status: number, value: unknown) => unknown,
  response: { writeHead(status: number): { end(): unknown } },
): unknown {
  const { id, method, params } = JSON.parse(body) as {
    id?: number;
    method: string;
    params?: { protocolVersion?: string };
  };
  const say = (result: unknown) => json(200, { jsonrpc: '2.0', id, result });
  if (method === 'initialize') {
    const serverInfo = { name: 'signing', version: '1' };
    return say({ protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo });
  }
  if (method === 'tools/list') {
    return say({ tools: state.tools.map((tool) => ({ ...tool, inputSchema: { type: 'object' } })) });
  }
  if (method === 'tools/call') {
    state.calls++;
    return say({ content: [{ type: 'text', text: 'it is you' }] });
  }
  if (id === undefined) return response.writeHead(202).end();
  return json(200, { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } });
}
