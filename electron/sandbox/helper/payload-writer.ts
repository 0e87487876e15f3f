import { Problem } from '../../../shared/problem.ts';

/** What the kernel takes of a path, without the zero byte at its end. */
export const longestPath = 4095;

/** Little-endian numbers and length-prefixed bytes, written one after the other. */
export class PayloadWriter {
  #bytes: Buffer;
  #length: number;

  /** `before` bytes are left free at the front. */
  constructor(expected: number, before = 0) {
    this.#bytes = Buffer.allocUnsafe(before + expected);
    this.#length = before;
  }

  #room(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32LE(value, at);
    return this;
  }

  u64(value: bigint): this {
    const at = this.#room(8);
    this.#bytes.writeBigUInt64LE(value, at);
    return this;
  }

  bytes(value: string | Uint8Array): this {
    const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
    this.u32(length);
    const at = this.#room(length);
    if (typeof value === 'string') this.#bytes.write(value, at);
    else this.#bytes.set(value, at);
    return this;
  }

  /** One that the kernel could take: any other would break the protocol, and with that end the helper. */
  path(value: string | Uint8Array): this {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    if (bytes.length > longestPath) throw new Problem('invalid_input', 'The path is too long.');
    if (bytes.includes(0)) throw new Problem('invalid_input', 'No path can hold a NUL.');
    return this.bytes(bytes);
  }

  /** As they are, without their length. */
  raw(value: Uint8Array): this {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  list(values: readonly (string | Uint8Array)[]): this {
    this.u32(values.length);
    for (const value of values) this.bytes(value);
    return this;
  }

  paths(values: readonly (string | Uint8Array)[]): this {
    this.u32(values.length);
    for (const value of values) this.path(value);
    return this;
  }

  end(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
