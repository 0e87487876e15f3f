import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem } from '../../../../shared/problem.ts';
import type { Clock } from '../../../base/clock.ts';
import { createServer } from '../../../base/node-http.ts';
import type { KeptSignIn } from './kept-sign-in.ts';
import { OAuthClient, type OAuthWish } from './oauth-client.ts';

export interface SignInNeeds {
  readonly clock: Clock;
  readonly kept: KeptSignIn;
  readonly wish: OAuthWish;
  readonly serverUrl: string;
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** Hears how it ended; null: the person is signed in. */
  readonly over: (problem: Problem | null) => Promise<void>;
  /** Hears that its end could not be told. */
  readonly failed: (failure: unknown) => void;
}

/** What the person has to sign in. */
const patience = 600_000;

/** Signing in with the person’s own browser, which comes back to a port of this machine that only waits for it. */
export class BrowserSignIn {
  readonly url: string;
  readonly #close: (problem: Problem | null) => Promise<void>;

  private constructor(url: string, close: (problem: Problem | null) => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async begin(needs: SignInNeeds): Promise<BrowserSignIn> {
    const { clock, kept, wish, serverUrl, fetch } = needs;
    const { auth } = await import('@modelcontextprotocol/client');
    const state = randomBytes(24).toString('base64url');
    const server = createServer({ maxHeaderSize: 32 * 1024 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const redirectUrl = `http://127.0.0.1:${port}/callback`;
    const client = new OAuthClient(kept, wish, { redirectUrl, state });
    let closed: Promise<void> | undefined;
    const close = (problem: Problem | null) => {
      forget();
      return (closed ??= ended(server)
        .then(() => needs.over(problem))
        .catch((failure: unknown) => needs.failed(failure)));
    };
    const late = new Problem('unavailable', 'Nobody signed in in time.', 'Begin again.');
    const forget = clock.after(patience, () => void close(late));
    try {
      // The port is another one each time: whoever registers itself does so for this one.
      if (wish.clientId === null) await kept.forget();
      const scope = wish.scopes.length > 0 ? { scope: wish.scopes.join(' ') } : {};
      await auth(client, { serverUrl, fetchFn: fetch, forceReauthorization: true, ...scope });
      const url = client.asked;
      if (!url || !/^https?:$/.test(url.protocol)) {
        throw new Problem('unavailable', 'The server does not say where to sign in.');
      }
      const finish = async (code: string, iss: string | null) => {
        const told = { authorizationCode: code, ...(iss === null ? {} : { iss }) };
        await auth(client, { serverUrl, fetchFn: fetch, ...told });
      };
      server.on('request', callback(state, finish, close));
      return new BrowserSignIn(url.href, close);
    } catch (thrown) {
      const problem = asProblem(thrown);
      await close(problem);
      throw problem;
    }
  }

  cancel(): Promise<void> {
    return this.#close(new Problem('cancelled', 'The sign-in was given up.'));
  }
}

function callback(
  state: string,
  finish: (code: string, iss: string | null) => Promise<void>,
  close: (problem: Problem | null) => Promise<void>,
) {
  let isUsed = false;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname !== '/callback' || isUsed || !isSame(searchParams.get('state') ?? '', state)) {
      say(response, 404, 'There is nothing here.');
      return;
    }
    isUsed = true;
    const code = searchParams.get('code');
    const done =
      code === null
        ? Promise.reject(new Problem('unauthorized', 'The server did not let you in.', 'Sign in again.'))
        : finish(code, searchParams.get('iss'));
    done.then(
      () => {
        say(response, 200, 'You are signed in. This page may be closed.');
        void close(null);
      },
      (thrown: unknown) => {
        say(response, 400, 'Signing in failed. Holdfast says why.');
        void close(asProblem(thrown));
      },
    );
  };
}

function say(response: ServerResponse, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'referrer-policy': 'no-referrer' };
  response.writeHead(status, { ...headers, connection: 'close' }).end(text);
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What is being answered is answered to its end. */
function ended(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(
    'unavailable',
    `Signing in failed: ${said.slice(0, 500).toWellFormed()}`,
    'Sign in again.',
    { cause: thrown },
  );
}
