import type { Problem } from '../../../shared/problem.ts';
import { Breach } from './breach.ts';
import type { Channel, Listener } from './channel.ts';
import type { Frame } from './frames.ts';
import { PayloadReader } from './payload-reader.ts';
import type { PayloadWriter } from './payload-writer.ts';
import { protocol } from './protocol.ts';
import { refusal } from './refusals.ts';

export interface Asked {
  readonly tool: number;
  /** For the words of a refusal: “Reading /a/b”. */
  readonly what: string;
  readonly fill: (payload: PayloadWriter) => void;
  readonly expected?: number;
}

/** One question, one answer. */
class Request<Answer> implements Listener {
  readonly answered = Promise.withResolvers<Answer>();
  readonly #channel: Channel;
  readonly #what: string;
  readonly #read: (payload: Buffer) => Answer;
  readonly #id: number;

  constructor(channel: Channel, asked: Asked, read: (payload: Buffer) => Answer) {
    this.#channel = channel;
    this.#what = asked.what;
    this.#read = read;
    this.#id = channel.open(this);
    channel.send(
      { type: protocol.FRAME_FILE, flags: asked.tool, id: this.#id },
      asked.fill,
      asked.expected ?? 512,
    );
  }

  take({ type, payload }: Frame): void {
    // What cannot be read leaves the question open: it hears of the end that follows.
    if (type === protocol.FRAME_RESULT) this.answered.resolve(this.#read(payload));
    else if (type === protocol.FRAME_ERROR) this.answered.reject(readRefusal(this.#what, payload));
    else throw new Breach('no answer to what was asked');
    this.#channel.close(this.#id);
  }

  lost(reason: Problem): void {
    this.answered.reject(reason);
  }
}

export function readRefusal(what: string, payload: Buffer): Problem {
  const from = new PayloadReader(payload);
  const [errno, reason] = [from.u32(), from.u32()];
  from.end();
  return refusal(what, errno, reason);
}

/** `read` throws a breach where the answer is not what it must be. */
export async function ask<Answer>(
  channel: Channel,
  asked: Asked,
  read: (payload: Buffer) => Answer,
): Promise<Answer> {
  return new Request(channel, asked, read).answered.promise;
}

export const readNothing = (payload: Buffer): void => new PayloadReader(payload).end();
