import { Breach } from './breach.ts';

const mostRecord = 131_072;

export interface ToolRecord {
  readonly kind: number;
  readonly payload: Buffer;
}

/** Cuts chunks into records. */
export class RecordReader {
  #held: Buffer = Buffer.alloc(0);

  *take(bytes: Buffer): Generator<ToolRecord, void> {
    let held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (held.length >= 4) {
      const length = held.readUInt32LE(0);
      if (length === 0 || length > mostRecord) throw new Breach('a record that cannot be');
      if (held.length < 4 + length) break;
      yield { kind: held.readUInt8(4), payload: held.subarray(5, 4 + length) };
      held = held.subarray(4 + length);
    }
    this.#held = held;
  }
}
