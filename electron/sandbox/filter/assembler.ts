/** One instruction of the kernel’s packet-filter machine. */
export interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}

export const codes = {
  load: 0x20,
  jumpIfEqual: 0x15,
  jumpIfGreater: 0x25,
  jumpIfAtLeast: 0x35,
  jumpIfAnyBit: 0x45,
  and: 0x54,
  return: 0x06,
} as const;

/** Where the machine finds what it judges; of an argument, its lower half on a little-endian machine. */
export const offsets = {
  number: 0,
  architecture: 4,
  argument: (which: number) => 16 + 8 * which,
} as const;

export const verdicts = {
  allow: 0x7f_ff_00_00,
  kill: 0x80_00_00_00,
  refuse: (errno: number) => 0x00_05_00_00 | errno,
} as const;

const longestJump = 255;
const mostInstructions = 4096;

/** A program that reads from top to bottom: what is not decided by a step falls through to the next. */
export class Assembler {
  readonly #program: Instruction[] = [];

  #add(code: number, value: number, ifTrue = 0, ifFalse = 0): number {
    return this.#program.push({ code, ifTrue, ifFalse, value: value >>> 0 }) - 1;
  }

  load(offset: number): this {
    this.#add(codes.load, offset);
    return this;
  }

  and(mask: number): this {
    this.#add(codes.and, mask);
    return this;
  }

  decide(verdict: number): this {
    this.#add(codes.return, verdict);
    return this;
  }

  /** Skips what `body` adds unless the test holds. */
  #when(code: number, value: number, body: (program: this) => void, negated: boolean): this {
    const at = this.#add(code, value);
    body(this);
    const over = this.#program.length - at - 1;
    if (over > longestJump) throw new RangeError('a jump of the filter is too long');
    const [ifTrue, ifFalse] = negated ? [over, 0] : [0, over];
    this.#program[at] = { code, value: value >>> 0, ifTrue, ifFalse };
    return this;
  }

  whenEqual(value: number, body: (program: this) => void): this {
    return this.#when(codes.jumpIfEqual, value, body, false);
  }

  unlessEqual(value: number, body: (program: this) => void): this {
    return this.#when(codes.jumpIfEqual, value, body, true);
  }

  whenAtLeast(value: number, body: (program: this) => void): this {
    return this.#when(codes.jumpIfAtLeast, value, body, false);
  }

  whenGreater(value: number, body: (program: this) => void): this {
    return this.#when(codes.jumpIfGreater, value, body, false);
  }

  whenAnyBit(bits: number, body: (program: this) => void): this {
    return this.#when(codes.jumpIfAnyBit, bits, body, false);
  }

  /** As the kernel takes it. */
  end(): Uint8Array {
    if (this.#program.length > mostInstructions) throw new RangeError('the filter is too long');
    const bytes = Buffer.alloc(this.#program.length * 8);
    for (const [index, { code, ifTrue, ifFalse, value }] of this.#program.entries()) {
      bytes.writeUInt16LE(code, index * 8);
      bytes.writeUInt8(ifTrue, index * 8 + 2);
      bytes.writeUInt8(ifFalse, index * 8 + 3);
      bytes.writeUInt32LE(value, index * 8 + 4);
    }
    return bytes;
  }
}
