import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Problem } from '../../shared/problem.ts';
import { request as httpRequest } from '../base/node-http.ts';
import type { Egress } from '../sandbox/egress.ts';
import type { WebAnswer, WebHands } from './hands.ts';

type Asked = Parameters<WebHands['request']>[0];

/** Exchanges through the broker: each connection is asked of the tokens, resolved and checked here, and on the record. */
export function webHands(egress: Egress): WebHands {
  return {
    async request(asked, signal) {
      const { url, timeoutMs } = asked;
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new Problem(
          'invalid_input',
          `${url.protocol} is no way to fetch.`,
          'Give an http or https address.',
        );
      }
      const secure = url.protocol === 'https:';
      const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
      const late = AbortSignal.timeout(timeoutMs);
      const until = AbortSignal.any([signal, late]);
      const opening = egress.open(url.hostname, port);
      const whole = async () => {
        const plain = await opening;
        const stream = secure ? await overTls(plain, url.hostname, until) : plain;
        return exchange(asked, stream, until);
      };
      const stopped = Promise.withResolvers<never>();
      const stop = () => stopped.reject(until.reason as Error);
      until.addEventListener('abort', stop, { once: true });
      if (until.aborted) stop();
      try {
        // Whatever the other side does, and wherever that is stuck: it ends in time, and when it is told to.
        return await Promise.race([whole(), stopped.promise]);
      } catch (thrown) {
        throw asProblem(thrown, url, signal, late);
      } finally {
        until.removeEventListener('abort', stop);
        void opening.then(
          (plain) => plain.destroy(),
          () => undefined,
        );
      }
    },
  };
}

/** A connection made secure, by the name that was asked for. */
export function overTls(plain: Duplex, host: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const bare = host.replaceAll(/^\[|\]$/g, '');
    const named = /^[\d.]+$|:/.test(bare) ? {} : { servername: bare };
    const secure = connectTls({ socket: plain, host: bare, ...named });
    const stopped = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stopped, { once: true });
    secure.once('error', reject);
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', stopped);
      resolve(secure);
    });
  });
}

function exchange(
  { url, method, headers, body, most }: Asked,
  stream: Duplex,
  signal: AbortSignal,
): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      {
        // Without an agent, which would make connections of its own past the broker.
        createConnection: () => stream,
        method,
        path: `${url.pathname}${url.search}`,
        host: url.hostname,
        headers: { ...headers, host: url.host, 'accept-encoding': 'identity', connection: 'close' },
        signal,
        maxHeaderSize: 64 * 1024,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const done = (cut: boolean) => {
          const told = Object.entries(answer.headers).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
          );
          const whole = Buffer.concat(chunks).subarray(0, most);
          resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(told), body: whole, cut });
        };
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size <= most) return;
          answer.destroy();
          done(true);
        });
        answer.once('end', () => done(false));
        answer.once('error', reject);
      },
    );
    asked.once('upgrade', (_answer, taken) => {
      taken.destroy();
      reject(new Error('it wants to speak something else than HTTP'));
    });
    asked.once('error', reject);
    asked.end(body ?? undefined);
  });
}

function asProblem(thrown: unknown, url: URL, signal: AbortSignal, late: AbortSignal): unknown {
  if (signal.aborted || thrown instanceof Problem) return thrown;
  if (late.aborted) {
    return new Problem('unreachable', `${url.host} did not answer in time.`, 'Try again, or ask for less.');
  }
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem('unreachable', `${url.host} could not be asked: ${said}.`, undefined, { cause: thrown });
}
