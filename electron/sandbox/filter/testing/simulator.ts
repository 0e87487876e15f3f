import { codes } from '../assembler.ts';

export interface SystemCallMade {
  readonly architecture: number;
  readonly number: number;
  readonly arguments: readonly bigint[];
}

/** Runs a filter as the kernel would, instruction by instruction, and answers with its verdict. */
export function runFilter(program: Uint8Array, made: SystemCallMade): number {
  const bytes = Buffer.from(program);
  const data = Buffer.alloc(64);
  data.writeUInt32LE(made.number >>> 0, 0);
  data.writeUInt32LE(made.architecture, 4);
  for (const [index, value] of made.arguments.entries())
    data.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + 8 * index);
  let accumulator = 0;
  for (let at = 0; at < bytes.length / 8; at++) {
    const code = bytes.readUInt16LE(at * 8);
    const [ifTrue, ifFalse] = [bytes.readUInt8(at * 8 + 2), bytes.readUInt8(at * 8 + 3)];
    const value = bytes.readUInt32LE(at * 8 + 4);
    const jump = (holds: boolean): void => void (at += holds ? ifTrue : ifFalse);
    switch (code) {
      case codes.load:
        accumulator = data.readUInt32LE(value);
        break;
      case codes.and:
        accumulator = (accumulator & value) >>> 0;
        break;
      case codes.jumpIfEqual:
        jump(accumulator === value);
        break;
      case codes.jumpIfGreater:
        jump(accumulator > value);
        break;
      case codes.jumpIfAtLeast:
        jump(accumulator >= value);
        break;
      case codes.jumpIfAnyBit:
        jump((accumulator & value) !== 0);
        break;
      case codes.return:
        return value;
      default:
        throw new Error(`no instruction has the code ${code}`);
    }
  }
  throw new Error('the program ran out of its end');
}
