import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { Breach } from './breach.ts';
import { type Frame, frameOf, FrameReader } from './frames.ts';
import { protocol } from './protocol.ts';

const aFrame = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  flags: fc.integer({ min: 0, max: 255 }),
  id: fc.integer({ min: 0, max: 0xff_ff_ff_ff }),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

function taken(reader: FrameReader, pieces: readonly Buffer[]): Frame[] {
  return pieces.flatMap((piece) => [...reader.take(piece)]);
}

/** The bytes in pieces of these sizes, and the rest. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

test('frames come out as they went in, however their bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(aFrame, { maxLength: 8 }), fc.array(fc.nat(40)), (frames, sizes) => {
      const bytes = Buffer.concat(frames.map((each) => frameOf(each, each.payload)));
      expect(taken(new FrameReader(), cut(bytes, sizes))).toEqual(frames);
    }),
    { numRuns: count(300, 5000) },
  );
});

test('whatever bytes come, there are frames within their bounds or a breach', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
      const reader = new FrameReader();
      try {
        for (const piece of pieces)
          for (const { payload } of reader.take(Buffer.from(piece)))
            expect(payload.length).toBeLessThanOrEqual(protocol.MOST_PAYLOAD);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Breach);
      }
    }),
    { numRuns: count(500, 10_000) },
  );
});

test('a frame that says it is too long is a breach before any of it has come', () => {
  const head = Buffer.alloc(protocol.HEADER_SIZE);
  head.writeUInt32LE(protocol.MOST_PAYLOAD + 1, 0);
  expect(() => taken(new FrameReader(), [head])).toThrow(Breach);
});
