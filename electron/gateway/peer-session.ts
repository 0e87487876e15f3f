import type { StandardHandler } from '@orpc/server/standard';
import {
  decodeRequestMessage,
  type EncodedMessage,
  encodeResponseMessage,
  experimental_ServerPeerWithoutCodec as ServerPeer,
  MessageType,
} from '@orpc/standard-server-peer';
import { Problem, problemCodes } from '../../shared/problem.ts';
import type { Log } from '../base/log.ts';
import { problemError } from './answers.ts';
import type { Activity } from './activity.ts';
import { tooLarge } from './body.ts';
import type { CallContext } from './caller.ts';
import { type Limits, mostBytes } from './limits.ts';

export interface PeerSessionNeeds {
  readonly handler: StandardHandler<CallContext>;
  readonly context: CallContext;
  readonly log: Log;
  readonly activity: Activity;
  readonly limits: Limits;
  /** Resolves when the other side can take more: a stream is pulled no faster than this allows. */
  readonly send: (message: string) => Promise<void>;
  /** Ends a connection that does not speak our language. */
  readonly cut: (reason: 'unreadable' | 'tooLarge' | 'tooMany') => void;
  /** True where answers already wait because the other side does not read. */
  readonly clogged: () => boolean;
}

type PeerRequest = Parameters<NonNullable<Parameters<ServerPeer['message']>[1]>>[0];

type Message = Awaited<ReturnType<typeof decodeRequestMessage>>;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

function refusal(problem: Problem): Answer {
  return {
    status: problemCodes[problem.code].status,
    headers: {},
    body: { json: problemError(problem).toJSON() },
  };
}

const tooMany = () =>
  new Problem('too_many', 'Too many calls run at once on this connection.', 'Wait for some to end.');

/** A message of ours, or nothing. No procedure takes a stream, so none may be sent. */
async function understood(raw: unknown): Promise<Message | undefined> {
  if (typeof raw !== 'string') return undefined;
  try {
    const message = await decodeRequestMessage(raw);
    const [id, type] = message;
    return typeof id === 'string' && id.length <= 64 && type !== MessageType.EVENT_ITERATOR
      ? message
      : undefined;
  } catch {
    return undefined;
  }
}

/** The conversation over one connection of messages, be it a WebSocket or a port. */
export class PeerSession {
  readonly #needs: PeerSessionNeeds;
  readonly #peer: ServerPeer;
  #understood: Promise<unknown> = Promise.resolve();

  constructor(needs: PeerSessionNeeds) {
    this.#needs = needs;
    this.#peer = new ServerPeer(([id, type, payload]) =>
      this.#send(encodeResponseMessage(id, type, payload)),
    );
  }

  /** Takes one message up, and returns when what it asked for has been sent. */
  async receive(raw: unknown): Promise<void> {
    const { log, cut, activity, limits, context } = this.#needs;
    // Each is understood after the one before it: who leaves at once would else do so before they came, and stay.
    const understanding = this.#understood.then(() => understood(raw));
    this.#understood = understanding;
    const message = await understanding;
    const bytes = typeof raw === 'string' ? Buffer.byteLength(raw) : 0;
    if (!message) return cut(bytes > limits.bodyBytes ? 'tooLarge' : 'unreadable');
    const [id, type, payload] = message;
    let end: () => void = () => undefined;
    try {
      if (type === MessageType.REQUEST) {
        const most = mostBytes(limits, payload.url.pathname, context.caller()?.kind);
        if (bytes > most) throw tooLarge(most);
        if (this.#peer.length >= limits.inFlight) throw tooMany();
        end = activity.begin();
      }
      await this.#peer.message(message, (request) => this.#answer(request));
    } catch (failure) {
      if (failure instanceof Problem) await this.#refuse(id, failure);
      else log.debug({ err: failure }, 'an answer could not be sent');
    } finally {
      end();
    }
  }

  /** Ends everything that runs on this connection. */
  close(): void {
    this.#peer.close();
  }

  async #answer(request: PeerRequest): Promise<Answer> {
    const { handler, context } = this.#needs;
    const { response } = await handler.handle(
      { ...request, body: () => Promise.resolve(request.body) },
      { context },
    );
    return (
      (response as Answer | undefined) ??
      refusal(new Problem('not_found', 'There is no such procedure.', 'See /openapi.json.'))
    );
  }

  async #refuse(id: string, problem: Problem): Promise<void> {
    const { clogged, cut, log } = this.#needs;
    if (clogged()) return cut('tooMany');
    try {
      await this.#send(encodeResponseMessage(id, MessageType.RESPONSE, refusal(problem)));
    } catch (failure) {
      log.debug({ err: failure }, 'a refusal could not be sent');
    }
  }

  async #send(encoding: Promise<EncodedMessage>): Promise<void> {
    const message = await encoding;
    if (typeof message !== 'string') throw new Error('an answer of this contract is always text');
    await this.#needs.send(message);
  }
}
