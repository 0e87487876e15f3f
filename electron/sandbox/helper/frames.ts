import { Problem } from '../../../shared/problem.ts';
import { Breach } from './breach.ts';
import { PayloadWriter } from './payload-writer.ts';
import { protocol } from './protocol.ts';

const { HEADER_SIZE, MOST_PAYLOAD } = protocol;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

function writeHeader(into: Buffer, { type, flags, id }: Omit<Frame, 'payload'>): void {
  const length = into.length - HEADER_SIZE;
  if (length > MOST_PAYLOAD)
    throw new Problem('too_large', `${length} bytes are more than a sandbox can be told at once.`);
  into.writeUInt32LE(length, 0);
  into.writeUInt8(type, 4);
  into.writeUInt8(flags, 5);
  into.writeUInt16LE(0, 6);
  into.writeUInt32LE(id, 8);
}

/** A whole frame, its payload written by `fill`, in one piece of memory. */
export function frame(
  head: Omit<Frame, 'payload'>,
  fill?: (payload: PayloadWriter) => void,
  expected = 64,
): Buffer {
  const writer = new PayloadWriter(fill === undefined ? 0 : expected, HEADER_SIZE);
  fill?.(writer);
  const whole = writer.end();
  writeHeader(whole, head);
  return whole;
}

/** A frame around bytes that are there already. */
export function frameOf(head: Omit<Frame, 'payload'>, bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(HEADER_SIZE + bytes.length);
  whole.set(bytes, HEADER_SIZE);
  writeHeader(whole, head);
  return whole;
}

/** Cuts what arrives into frames. Holds one unfinished frame at most, in the pieces it came in. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #held = 0;
  /** How many bytes must be there before anything can be said. */
  #wanted: number = HEADER_SIZE;

  /** The frames that these bytes complete, one by one: whoever takes them may stop in between. */
  *take(bytes: Buffer): Generator<Frame, void> {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    while (this.#held >= this.#wanted) {
      const held = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#held);
      const length = held.readUInt32LE(0);
      if (length > MOST_PAYLOAD) throw new Breach(`a frame says it is ${length} bytes long`);
      if (held.readUInt16LE(6) !== 0) throw new Breach('a frame’s head is not as it must be');
      const end = HEADER_SIZE + length;
      if (held.length < end) {
        this.#pieces = [held];
        this.#wanted = end;
        return;
      }
      const rest = held.subarray(end);
      this.#pieces = rest.length > 0 ? [rest] : [];
      this.#held = rest.length;
      this.#wanted = HEADER_SIZE;
      yield {
        type: held.readUInt8(4),
        flags: held.readUInt8(5),
        id: held.readUInt32LE(8),
        payload: held.subarray(HEADER_SIZE, end),
      };
    }
  }
}
