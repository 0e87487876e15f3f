import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import type { Egress } from '../egress.ts';
import { frame, frameOf } from './frames.ts';
import type { PayloadWriter } from './payload-writer.ts';
import { protocol } from './protocol.ts';
import { startHelper } from './start-helper.ts';
import { confinementFor } from './testing/bare-helper.ts';

const noEgress: Egress = {
  open: () => Promise.reject(new Error('nowhere')),
  cut: () => undefined,
};

/** This side alone, spoken to by whoever the test plays. */
function spokenTo({ egress = null }: { egress?: Egress | null } = {}) {
  const [toHelper, fromHelper] = [new PassThrough(), new PassThrough()];
  toHelper.resume();
  const killed: string[] = [];
  const confinement = { ...confinementFor(), read: ['/a'], write: [] };
  const streams = { toHelper, fromHelper, kill: (why: string) => void killed.push(why) };
  const helper = startHelper(streams, confinement, egress);
  const say = (bytes: Uint8Array): void => void fromHelper.write(bytes);
  const saying = (type: number, id = 0, fill?: (to: PayloadWriter) => void, flags = 0): void =>
    say(frame({ type, flags, id }, fill));
  const ready = (): void =>
    saying(protocol.FRAME_READY, 0, (to) =>
      to.u32(protocol.PROTOCOL_VERSION).u32(7).u32(1).u32(1).u64(1n).u64(2n),
    );
  const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { helper, killed, say, saying, ready, settled, fromHelper };
}

const breaches: Record<string, (with_: ReturnType<typeof spokenTo>) => void> = {
  'an answer to nothing': ({ saying }) => saying(protocol.FRAME_RESULT, 77),
  'a second confinement': ({ ready }) => ready(),
  'a frame of no known kind': ({ saying }) => saying(200, 1),
  'a connection although it has no network': ({ saying }) =>
    saying(protocol.FRAME_TUNNEL_OPEN, 1, (to) => to.bytes('example.org').u32(80)),
  'data of no connection': ({ saying }) => saying(protocol.FRAME_TUNNEL_DATA, 1),
  'a head with something where nothing must be': ({ say }) => {
    const bytes = frameOf({ type: protocol.FRAME_RESULT, flags: 0, id: 1 }, Buffer.alloc(0));
    bytes.writeUInt16LE(1, 6);
    say(bytes);
  },
};

test.each(Object.entries(breaches))('%s ends the helper, and nothing is thrown', async (_, breach) => {
  const spoken = spokenTo();
  spoken.ready();
  await spoken.helper.ready;
  const waiting = spoken.helper.files.facts('/a');
  breach(spoken);
  await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
  expect(spoken.killed.length).toBe(1);
  await expect(spoken.helper.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'unavailable' });
});

test('what costs nothing of a window cannot be sent without end', async () => {
  const spoken = spokenTo();
  spoken.ready();
  const starting = spoken.helper.exec({ argv: ['true'] });
  await spoken.helper.ready;
  spoken.saying(protocol.FRAME_STARTED, 1);
  const running = await starting;
  spoken.saying(protocol.FRAME_OUTPUT, 1, undefined, protocol.STREAM_OUT);
  expect(await running.ended).toMatchObject({ how: 'lost' });
  expect(spoken.killed).toEqual([expect.stringContaining('output without bytes')]);

  const far = new PassThrough();
  const tunnel = spokenTo({ egress: { open: () => Promise.resolve(far), cut: () => undefined } });
  tunnel.ready();
  await tunnel.helper.ready;
  tunnel.saying(protocol.FRAME_TUNNEL_OPEN, 1, (to) => to.bytes('example.org').u32(80));
  await tunnel.settled();
  tunnel.saying(protocol.FRAME_TUNNEL_DATA, 1);
  await tunnel.settled();
  expect(tunnel.killed.length).toBe(1);
});

test('whatever bytes a helper sends, at any time, it is ended at most once and nothing is thrown', async () => {
  const frames = fc.record({
    type: fc.oneof(fc.constantFrom(...Object.values(protocol)), fc.nat(255)).map((type) => type & 0xff),
    flags: fc.nat(3),
    id: fc.nat(4),
    payload: fc.uint8Array({ maxLength: 80 }),
  });
  const bytes = fc.oneof(
    frames.map((each) => frameOf({ type: each.type, flags: each.flags, id: each.id }, each.payload)),
    fc.uint8Array({ maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(bytes, { maxLength: 6 }), async (confined, pieces) => {
      const spoken = spokenTo({ egress: noEgress });
      if (confined) spoken.ready();
      const { helper } = spoken;
      const asked = Promise.allSettled([
        helper.files.read('/a'),
        helper.files.list('/a'),
        helper.exec({ argv: ['true'] }).then(async (running) => {
          for await (const _ of running.output) expect(_.stream).toMatch(/^std/);
        }),
        helper.files.same('/a', '/b'),
      ]);
      for (const piece of pieces) spoken.say(piece);
      await spoken.settled();
      spoken.fromHelper.end();
      helper.gone('the test is over');
      for (const { status } of await asked) expect(['fulfilled', 'rejected']).toContain(status);
      expect(spoken.killed.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: count(300, 10_000) },
  );
});

test('no name or path that a helper tells leads anywhere but below what was asked for', async () => {
  const facts = (to: PayloadWriter): PayloadWriter => {
    for (let each = 0; each < 49; each++) to.raw(Buffer.from([0]));
    return to;
  };
  for (const name of ['..', '.', '', 'a/b', 'a\0b']) {
    const spoken = spokenTo();
    spoken.ready();
    const listing = spoken.helper.files.list('/a');
    spoken.saying(protocol.FRAME_RESULT, 1, (to) => facts(to.u32(1).u32(0)).bytes(name));
    await expect(listing).rejects.toMatchObject({ code: 'unavailable' });
    expect(spoken.killed.length).toBe(1);
  }
  for (const path of ['..', '/etc', 'a/../b', 'a//b', 'a/', '']) {
    const spoken = spokenTo();
    spoken.ready();
    const walking = (async () => {
      for await (const entry of spoken.helper.files.walk('/a')) expect(entry).toBe('never');
    })();
    spoken.saying(protocol.FRAME_STARTED, 1);
    const entry = frame({ type: 0, flags: 0, id: 0 }, (to) =>
      facts(to)
        .raw(Buffer.from([0, 0]))
        .bytes(path)
        .bytes(''),
    ).subarray(protocol.HEADER_SIZE);
    spoken.saying(
      protocol.FRAME_OUTPUT,
      1,
      (to) =>
        to
          .u32(entry.length + 1)
          .raw(Buffer.from([protocol.RECORD_ENTRY]))
          .raw(entry),
      protocol.STREAM_OUT,
    );
    await expect(walking).rejects.toMatchObject({ code: 'unavailable' });
    expect(spoken.killed.length).toBe(1);
  }
});

test('more output than was asked for is a breach, and a reader who takes nothing holds no more than a window', async () => {
  const spoken = spokenTo();
  spoken.ready();
  const starting = spoken.helper.exec({ argv: ['true'] });
  spoken.saying(protocol.FRAME_STARTED, 1);
  const running = await starting;
  const part = frameOf({ type: protocol.FRAME_OUTPUT, flags: 1, id: 1 }, Buffer.alloc(65_536));
  for (let each = 0; each < 4; each++) spoken.say(part);
  await spoken.settled();
  expect(spoken.killed).toEqual([]);
  spoken.say(part);
  expect(await running.ended).toMatchObject({ how: 'lost' });
  expect(spoken.killed.length).toBe(1);
});

test('what is asked of a sandbox that is gone is refused with the reason', async () => {
  const spoken = spokenTo();
  spoken.helper.gone('the power is out.');
  await expect(spoken.helper.ready).rejects.toMatchObject({ code: 'unavailable' });
  await expect(spoken.helper.files.read('/a')).rejects.toThrow('the power is out.');
  expect(spoken.killed).toEqual([]);
});
