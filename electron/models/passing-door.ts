import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../../shared/problem.ts';
import { roomIn } from '../base/room-in.ts';
import { HeldBytes } from './passing/held-bytes.ts';
import type { PassedAnswer, PassedWire, Passing, Payer } from './passing.ts';
import { refusalIn } from './passing/refusal.ts';

export interface Caller {
  /** Who pays; throws where nobody does. */
  readonly payer: () => Payer | Promise<Payer>;
  /** Ends what is being answered. */
  readonly signal: AbortSignal;
  /** What all that ask by this way make us hold; without one, all of them together. */
  readonly held?: HeldBytes;
  /** Hears of each question why it was not passed on; null: it was. */
  readonly told?: (refused: Problem | null) => void;
}

export { HeldBytes } from './passing/held-bytes.ts';

interface Wanted {
  readonly wire: PassedWire;
  readonly counts?: boolean;
  /** What there is, or this one of it; undefined: an answer. */
  readonly lists?: string | null;
}

/** The wires over HTTP, as programs expect them of a provider: paths from `/v1` on. */
export class PassingDoor {
  readonly #passing: Pick<Passing, 'pass' | 'models' | 'check'>;
  readonly #held: HeldBytes;

  constructor(passing: Pick<Passing, 'pass' | 'models' | 'check'>, held: HeldBytes = new HeldBytes()) {
    this.#passing = passing;
    this.#held = held;
  }

  /** Never throws; the path is without what stands before `/v1`. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    { payer, signal, held = this.#held, told }: Caller,
  ): Promise<void> {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const wanted = wantedBy(request, path);
    const wire = wanted?.wire ?? usualWire(request);
    try {
      const pays = await payer();
      if (wanted === null) throw nothingThere();
      if (wanted.lists !== undefined) return await send(response, this.#listed(wire, wanted.lists));
      const { body, giveBack } = await held.read(request);
      try {
        const asked = { wire, counts: wanted.counts ?? false, search: searchOf(request), body };
        const either = AbortSignal.any([signal, leaving.signal]);
        const headers = namedOnce(request);
        const answer = await this.#passing.pass({ ...asked, headers }, pays, either);
        told?.(answer.refused ?? null);
        await send(response, answer);
      } finally {
        giveBack();
      }
    } catch (thrown) {
      await send(response, refusalIn(wire, thrown));
    }
  }

  /** Throws where nobody here could answer as this model. */
  check(model: string): void {
    this.#passing.check(model);
  }

  #listed(wire: PassedWire, name: string | null): PassedAnswer {
    const each = this.#passing.models(wire).map(({ id, provider }) => {
      const ref = `${provider}/${id}`;
      return wire === 'messages'
        ? { type: 'model', id: ref, display_name: id, created_at: '1970-01-01T00:00:00Z' }
        : { id: ref, object: 'model', created: 0, owned_by: provider };
    });
    if (name === null) {
      const paged = { first_id: each[0]?.id ?? null, last_id: each.at(-1)?.id ?? null, has_more: false };
      return json(wire === 'messages' ? { data: each, ...paged } : { object: 'list', data: each });
    }
    const one = each.find(({ id }) => id === name || id.endsWith(`/${name}`));
    if (one) return json(one);
    throw new Problem('not_found', `There is no model “${name}” here.`, '`GET /v1/models` lists them.');
  }
}

const asks: Readonly<Record<string, Wanted>> = {
  '/v1/messages': { wire: 'messages' },
  '/v1/messages/count_tokens': { wire: 'messages', counts: true },
  '/v1/chat/completions': { wire: 'chat' },
  '/v1/responses': { wire: 'responses' },
};

function wantedBy(request: IncomingMessage, path: string): Wanted | null {
  const { method } = request;
  if (method === 'POST') return Object.hasOwn(asks, path) ? (asks[path] ?? null) : null;
  if (method !== 'GET') return null;
  if (path === '/v1/models') return { wire: usualWire(request), lists: null };
  if (!path.startsWith('/v1/models/')) return null;
  try {
    return { wire: usualWire(request), lists: decodeURIComponent(path.slice('/v1/models/'.length)) };
  } catch {
    return null;
  }
}

/** Only programs that speak Messages say of which version. */
const usualWire = ({ headers, url = '' }: IncomingMessage): PassedWire =>
  headers['anthropic-version'] !== undefined || url.includes('/v1/messages') ? 'messages' : 'chat';

/** The one word that is known to stand there. */
const searchOf = ({ url = '' }: IncomingMessage) => (/[?&]beta=true(?:&|$)/.test(url) ? '?beta=true' : '');

const namedOnce = ({ headers }: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

function nothingThere(): Problem {
  return new Problem(
    'not_found',
    'There is nothing here.',
    'POST /v1/messages, /v1/chat/completions or /v1/responses; GET /v1/models.',
  );
}

function json(value: unknown): PassedAnswer {
  const text = JSON.stringify(value);
  const body = (async function* once() {
    await Promise.resolve();
    yield Buffer.from(text);
  })();
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** Always begins to take the answer, also for who is gone: what it costs is settled by whoever reads it. */
async function send(response: ServerResponse, { status, headers, body }: PassedAnswer): Promise<void> {
  const wholly = response.req.complete ? {} : { connection: 'close' };
  try {
    if (!response.headersSent)
      response.writeHead(status, { ...headers, ...wholly, 'cache-control': 'no-store' });
    if (status < 400) response.flushHeaders();
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await roomIn(response);
    }
    response.end();
  } catch {
    // In the middle of an answer nothing can be said any more but that it is cut.
    response.destroy();
  }
}
