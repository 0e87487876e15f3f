import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../../../shared/problem.ts';
import { request as httpRequest } from '../../base/node-http.ts';
import type { Egress } from '../../sandbox/egress.ts';
import { overTls } from '../web-hands.ts';

export interface BrokerFetchNeeds {
  readonly egress: Pick<Egress, 'open'>;
  /** Put on every request to the server itself, and on none elsewhere. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly origin: string;
  /** Of one answer, or of one message of a stream. */
  readonly most: number;
  /** Hears what goes wrong on the way, in words of ours. */
  readonly failed: (problem: Problem) => void;
}

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const without = new Set([101, 204, 205, 304]);

/** What the kit asks through: each request by a connection of the broker’s, no redirect followed. */
export function brokerFetch(needs: BrokerFetchNeeds): Fetch {
  return async (given, init = {}) => {
    const url = new URL(given);
    try {
      return await exchange(needs, url, init);
    } catch (thrown) {
      if (init.signal?.aborted) throw thrown;
      const problem = asProblem(thrown, url);
      needs.failed(problem);
      throw problem;
    }
  };
}

async function exchange(needs: BrokerFetchNeeds, url: URL, init: RequestInit): Promise<Response> {
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') {
    throw new Problem('invalid_input', `${url.protocol} is no way to a server.`);
  }
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const signal = init.signal ?? new AbortController().signal;
  const plain = await needs.egress.open(url.hostname, port);
  try {
    signal.throwIfAborted();
    const stream = secure ? await overTls(plain, url.hostname, signal) : plain;
    const answer = await asked(needs, url, init, stream, signal);
    return responseOf(needs, answer, plain);
  } catch (thrown) {
    plain.destroy();
    throw thrown;
  }
}

function asked(
  { headers, origin }: BrokerFetchNeeds,
  url: URL,
  init: RequestInit,
  stream: Duplex,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const own = url.origin === origin ? headers() : {};
  const { body: given } = init;
  const body = given instanceof URLSearchParams ? given.toString() : given;
  if (body !== undefined && body !== null && typeof body !== 'string') {
    throw new Problem('internal', 'Only text is sent to a server.');
  }
  const said = new Headers(init.headers);
  if (init.body instanceof URLSearchParams && !said.has('content-type')) {
    said.set('content-type', 'application/x-www-form-urlencoded');
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        createConnection: () => stream,
        method: init.method ?? 'GET',
        path: `${url.pathname}${url.search}`,
        host: url.hostname,
        headers: {
          ...own,
          ...Object.fromEntries(said),
          host: url.host,
          'accept-encoding': 'identity',
          connection: 'close',
          ...(typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
        },
        signal,
        maxHeaderSize: 64 * 1024,
      },
      resolve,
    );
    request.once('upgrade', (_answer, taken) => {
      taken.destroy();
      reject(new Error('it wants to speak something else than HTTP'));
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

function responseOf({ most, failed }: BrokerFetchNeeds, answer: IncomingMessage, plain: Duplex): Response {
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (status < 200 || status > 599) throw new Error(`it answered with the status ${status}`);
  if (without.has(status)) {
    plain.destroy();
    return new Response(null, { status, headers });
  }
  const isStream = headers.get('content-type')?.includes('text/event-stream') ?? false;
  const measure = new Measure(isStream);
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        answer.on('data', (chunk: Buffer) => {
          if (measure.longest(chunk) > most) {
            const words = `The server sent more than ${most.toLocaleString('en')} bytes in one answer.`;
            const problem = new Problem(
              'too_large',
              words,
              'Ask it for less, or raise mostBytes of this server.',
            );
            failed(problem);
            controller.error(problem);
            answer.destroy();
            return;
          }
          controller.enqueue(Uint8Array.from(chunk));
          if ((controller.desiredSize ?? 1) <= 0) answer.pause();
        });
        answer.once('end', () => {
          plain.destroy();
          closed(() => controller.close());
        });
        answer.once('error', (failure) => closed(() => controller.error(failure)));
        answer.once('close', () => plain.destroy());
      },
      pull() {
        answer.resume();
      },
      cancel() {
        answer.destroy();
        plain.destroy();
      },
    },
    { highWaterMark: 16 },
  );
  return new Response(body, { status, headers });
}

/** It may be over already. */
function closed(call: () => void): void {
  try {
    call();
  } catch {
    // Whoever read it has left.
  }
}

/** How much was sent since the last message of a stream ended; of anything else: in all. */
class Measure {
  readonly #isStream: boolean;
  #size = 0;
  #last = 0;

  constructor(isStream: boolean) {
    this.#isStream = isStream;
  }

  longest(chunk: Buffer): number {
    if (!this.#isStream) return (this.#size += chunk.length);
    let most = 0;
    for (const byte of chunk) {
      if (byte === 13) continue;
      this.#size = byte === 10 && this.#last === 10 ? 0 : this.#size + 1;
      this.#last = byte;
      if (this.#size > most) most = this.#size;
    }
    return most;
  }
}

function asProblem(thrown: unknown, url: URL): Problem {
  if (thrown instanceof Problem) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem('unreachable', `${url.host} could not be asked: ${said}.`, undefined, { cause: thrown });
}
