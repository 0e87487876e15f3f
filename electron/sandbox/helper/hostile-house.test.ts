import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { writeConfinement } from './confinement-bytes.ts';
import { needHelper } from './find-helper.ts';
import { frame, frameOf } from './frames.ts';
import { protocol } from './protocol.ts';
import { confinementFor } from './testing/bare-helper.ts';

const brokeProtocol = 70;
const notConfined = 125;

const config = (): Buffer =>
  frame({ type: protocol.FRAME_CONFIG, flags: 0, id: 0 }, (to) => writeConfinement(confinementFor(), to));

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
/** Nothing stands around this helper, so whatever it is told to do it must not do as root. */
const account = isRoot ? { uid: nobody, gid: nobody } : {};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  chmodSync(folder, 0o755);
  copyFileSync(needHelper(), join(folder, 'helper'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the real helper ends with when these bytes are all it hears. */
async function endOf(...pieces: readonly Uint8Array[]): Promise<number | string> {
  const stdio = ['pipe', 'ignore', 'ignore'] as const;
  const child = spawn(join(folder, 'helper'), ['serve'], {
    stdio: [...stdio],
    env: {},
    cwd: '/',
    ...account,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  // It may have gone before it has heard everything.
  child.stdin.on('error', () => undefined);
  for (const piece of pieces) child.stdin.write(piece);
  child.stdin.end();
  const [code, signal] = (await closed) as [number | null, string | null];
  return signal ?? code ?? 'nothing';
}

const said = (type: number, payload: Uint8Array = Buffer.alloc(0), flags = 0, id = 1): Buffer =>
  frameOf({ type, flags, id }, payload);

test('the helper ends in order when nobody speaks any more', async () => {
  expect(await endOf()).toBe(0);
  expect(await endOf(config())).toBe(0);
  expect(await endOf(config().subarray(0, 40))).toBe(0);
  expect(await endOf(config(), said(protocol.FRAME_PING))).toBe(0);
});

test('the helper ends itself at the first frame that breaks the protocol', async () => {
  const tooLong = said(protocol.FRAME_PING);
  tooLong.writeUInt32LE(protocol.MOST_PAYLOAD + 1, 0);
  const wrongs = [
    [said(protocol.FRAME_PING)],
    [config(), config()],
    [config(), said(200)],
    [config(), said(protocol.FRAME_FILE, Buffer.alloc(0), 99)],
    [config(), said(protocol.FRAME_FILE, Buffer.from([255, 255, 255, 255]), protocol.TOOL_READ)],
    [config(), said(protocol.FRAME_EXEC, Buffer.alloc(20))],
    [config(), said(protocol.FRAME_TUNNEL_DATA, Buffer.alloc(3))],
    [config(), tooLong],
  ];
  for (const wrong of wrongs) expect(await endOf(...wrong)).toBe(brokeProtocol);
});

test('a confinement it does not understand, or cannot put on, lets nothing start', async () => {
  expect(await endOf(said(protocol.FRAME_CONFIG, Buffer.alloc(10)))).toBe(notConfined);
  const cannot = (wish: Parameters<typeof confinementFor>[0]): Buffer =>
    frame({ type: protocol.FRAME_CONFIG, flags: 0, id: 0 }, (to) =>
      writeConfinement(confinementFor(wish), to),
    );
  expect(await endOf(cannot({ read: ['/no/such/place'] }))).toBe(notConfined);
  expect(await endOf(cannot({ landlock: 999 }))).toBe(notConfined);
  expect(await endOf(cannot({ filter: Buffer.alloc(8, 0xff) }))).toBe(notConfined);
  expect(await endOf(cannot({ filter: Buffer.alloc(0) }))).toBe(notConfined);
});

test('whatever bytes it hears, it ends by itself and not by a fault', async () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .tuple(fc.nat(25), fc.nat(13), fc.nat(3), fc.uint8Array({ maxLength: 60 }))
      .map(([type, flags, id, payload]) => said(type, payload, flags, id)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 5 }), async (pieces) => {
      expect([0, brokeProtocol, notConfined]).toContain(await endOf(config(), ...pieces));
    }),
    { numRuns: count(60, 3000) },
  );
});
