import type { IncomingMessage } from 'node:http';
import { Problem } from '../../../shared/problem.ts';

/** One question with its pictures and files; more than providers take. */
export const mostQuestionBytes = 32 << 20;
/** Of all questions that are taken in or asked at a time. */
const mostHeldBytes = 128 << 20;

/** So many questions are taken in or answered at a time. */
const mostQuestions = 32;

/** Whoever asks makes us hold what they ask: all of it together is bounded. */
export class HeldBytes {
  readonly #most: number;
  #held = 0;
  #questions = 0;

  constructor(most: number = mostHeldBytes) {
    this.#most = most;
  }

  /** The whole body, held until `giveBack` is called; where it is too much, nothing is held. */
  async read(request: IncomingMessage): Promise<{ body: Buffer; giveBack: () => void }> {
    let held = 0;
    const take = (bytes: number) => {
      if (held + bytes > mostQuestionBytes) throw tooLarge();
      if (this.#held + bytes > this.#most) {
        throw tooMuch();
      }
      held += bytes;
      this.#held += bytes;
    };
    if (this.#questions >= mostQuestions) throw tooMuch();
    this.#questions++;
    let isHeld = true;
    const giveBack = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#held -= held;
      this.#questions--;
    };
    try {
      if (request.headers['content-encoding'] !== undefined) {
        throw new Problem('invalid_input', 'The question is packed.', 'Send it without Content-Encoding.');
      }
      if (Number(request.headers['content-length'] ?? 0) > mostQuestionBytes) throw tooLarge();
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) {
        take(chunk.length);
        chunks.push(chunk);
      }
      return { body: Buffer.concat(chunks), giveBack };
    } catch (thrown) {
      giveBack();
      throw thrown;
    }
  }
}

function tooMuch(): Problem {
  return new Problem('too_many', 'Too much is being asked at once.', 'Try again in a moment.');
}

function tooLarge(): Problem {
  return new Problem('too_large', `A question may have ${mostQuestionBytes >> 20} MiB at most.`);
}
