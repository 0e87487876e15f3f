import type { StandardHandler } from '@orpc/server/standard';
import {
  decodeRequestMessage,
  encodeResponseMessage,
  experimental_ServerPeerWithoutCodec as ServerPeer,
  MessageType,
} from '@orpc/standard-server-peer';
import { Problem, problemCodes } from '../../shared/problem.ts';
import type { Log } from '../base/log.ts';
import { problemError } from './answers.ts';
import type { CallContext } from './caller.ts';

export interface PeerSessionNeeds {
  readonly handler: StandardHandler<CallContext>;
  readonly context: CallContext;
  readonly log: Log;
  readonly inFlight: number;
  /** Resolves when the other side can take more: a stream is pulled no faster than this allows. */
  readonly send: (message: string) => Promise<void>;
  /** Ends a connection that does not speak our language. */
  readonly cut: (reason: 'unreadable' | 'tooMany') => void;
  /** True where answers already wait because the other side does not read. */
  readonly clogged: () => boolean;
}

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

/** The conversation over one connection of messages, be it a WebSocket or a port. */
export class PeerSession {
  readonly #needs: PeerSessionNeeds;
  readonly #peer: ServerPeer;

  constructor(needs: PeerSessionNeeds) {
    this.#needs = needs;
    this.#peer = new ServerPeer(async ([id, type, payload]) => {
      const message = await encodeResponseMessage(id, type, payload);
      if (typeof message !== 'string') throw new TypeError('an answer of this contract is always text');
      await needs.send(message);
    });
  }

  async receive(raw: unknown): Promise<void> {
    const { log, cut } = this.#needs;
    try {
      if (typeof raw !== 'string') throw new TypeError('only text is spoken here');
      const message = await decodeRequestMessage(raw);
      const [id, type] = message;
      if (typeof id !== 'string' || id.length > 64) throw new TypeError('a message needs a short id');
      if (type === MessageType.EVENT_ITERATOR) throw new TypeError('no procedure takes a stream');
      if (type === MessageType.REQUEST && this.#peer.length >= this.#needs.inFlight)
        return await this.#tooMany(id);
      await this.#peer.message(message, (request) => this.#answer(request));
    } catch (failure) {
      if (failure instanceof TypeError || failure instanceof SyntaxError) cut('unreadable');
      log.debug({ err: failure }, 'a message could not be answered');
    }
  }

  /** Ends everything that runs on this connection. */
  close(): void {
    this.#peer.close();
  }

  async #answer(request: Parameters<Parameters<ServerPeer['message']>[1] & {}>[0]): Promise<Answer> {
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

  async #tooMany(id: string): Promise<void> {
    if (this.#needs.clogged()) return this.#needs.cut('tooMany');
    const problem = new Problem(
      'too_many',
      'Too many calls run at once on this connection.',
      'Wait for some to end.',
    );
    const message = await encodeResponseMessage(id, MessageType.RESPONSE, refusal(problem));
    await this.#needs.send(String(message));
  }
}
