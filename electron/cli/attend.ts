import { StringDecoder } from 'node:string_decoder';
import type { Viewed } from '../../shared/contract/sessions.ts';
import { Problem } from '../../shared/problem.ts';
import type { Outcome } from '../../shared/session.ts';
import type { Client } from './client.ts';
import { onInterrupt } from './interrupt.ts';
import { harmless, type Output } from './output.ts';
import { type RawTerminal, takeTerminal } from './raw-terminal.ts';

export interface Attending {
  readonly client: Client;
  readonly out: Output;
  readonly session: string;
  readonly input: boolean;
  /** Started by this very command: its interruption is the session’s, and it misses nothing. */
  readonly own: boolean;
}

type Attached = Extract<Viewed, { kind: 'attached' }>;

/** A request has room for so much. */
const largest = 256 * 1024;

/** Follows a session to its end; null where the person detached and it goes on. */
export async function attend(attending: Attending): Promise<Outcome | null> {
  const { client, session, input, own, out } = attending;
  const leaving = new AbortController();
  const told = await client.sessions.attach({ session, input, every: own }, { signal: leaving.signal });
  const first = await told.next();
  if (first.done || first.value.kind !== 'attached') throw lost();
  const attached = first.value;
  if (out.json) await out.item(attached, () => '');
  else if (attached.why !== null) out.say(attached.why);
  const hands = handsFor(attending, attached, () => leaving.abort());
  try {
    for await (const viewed of told) {
      if (viewed.kind === 'ended') {
        if (out.json) await out.item(viewed, () => '');
        return viewed.outcome;
      }
      await show(attending, hands.asItIs, attached, viewed);
    }
  } catch (thrown) {
    if (leaving.signal.aborted) return null;
    throw thrown;
  } finally {
    await hands.away();
  }
  if (leaving.signal.aborted) return null;
  throw lost();
}

function lost(): Problem {
  return new Problem(
    'unavailable',
    'Holdfast stopped showing the session before it had ended.',
    'Look for it with `holdfast sessions --all`.',
  );
}

interface Hands {
  /** Whether its bytes may move the person’s terminal, which is put in order when it is given back. */
  readonly asItIs: boolean;
  away(): Promise<void>;
}

/** What the person does meanwhile: types, resizes, interrupts, leaves. */
function handsFor(attending: Attending, attached: Attached, leave: () => void): Hands {
  const { client, session, input, own, out } = attending;
  const { viewer } = attached;
  const typing = typingInto(client, session, viewer);
  let raw: RawTerminal | undefined;
  const onTerminal = process.stdin.isTTY && process.stdout.isTTY && !out.json;
  if (attached.terminal && onTerminal) {
    const use = {
      typed: (bytes: Buffer) => input && typing.type(bytes),
      resized: (size: { columns: number; rows: number }) => input && typing.resize(size),
      detached: leave,
    };
    raw = takeTerminal(use);
    if (input) typing.resize(raw.size);
  } else if (input && own) void typing.follow(process.stdin);
  let asked = 0;
  const forget = onInterrupt(() => {
    if (!own) return leave();
    asked++;
    void client.sessions.stop({ session, force: asked > 1 }).catch(() => undefined);
  });
  return {
    asItIs: raw !== undefined,
    async away() {
      forget();
      typing.end();
      if (raw) await raw.leave();
      else if (input) process.stdin.destroy();
    },
  };
}

/** Sends what is typed, in order and no faster than it is taken. */
function typingInto(client: Client, session: string, viewer: string) {
  let over = false;
  let sending: Promise<unknown> = Promise.resolve();
  const then = (call: () => Promise<unknown>) => {
    sending = sending.then(async () => {
      // What has ended takes nothing more; its end is told by the other stream.
      if (!over) await call().catch(() => (over = true));
    });
    return sending;
  };
  const type = (bytes: Buffer, end = false) =>
    then(() => client.sessions.input({ session, viewer, data: bytes.toString('base64'), end }));
  return {
    end: () => void (over = true),
    type: (bytes: Buffer) => void (bytes.length > 0 && type(bytes)),
    resize: (size: { columns: number; rows: number }) =>
      void then(() => client.sessions.resize({ session, viewer, size })),
    async follow(from: AsyncIterable<Buffer>): Promise<void> {
      try {
        for await (const bytes of from) {
          for (let at = 0; at < bytes.length; at += largest) await type(bytes.subarray(at, at + largest));
          if (over) return;
        }
        await type(Buffer.alloc(0), true);
      } catch {
        over = true;
      }
    },
  };
}

async function show(
  { client, session, own, out }: Attending,
  asItIs: boolean,
  attached: Attached,
  viewed: Viewed,
): Promise<void> {
  if (out.json) await out.item(viewed, () => '');
  else if (viewed.kind === 'skipped') out.say(`[${viewed.bytes.toLocaleString('en')} bytes were not shown]`);
  if (viewed.kind !== 'output') return;
  const bytes = Buffer.from(viewed.data, 'base64');
  if (!out.json) {
    const stream = viewed.stream === 'stderr' ? process.stderr : process.stdout;
    await written(stream, asItIs || !stream.isTTY ? bytes : plain(viewed.stream, bytes));
  }
  if (own) await client.sessions.taken({ session, viewer: attached.viewer, bytes: bytes.length });
}

async function written(stream: NodeJS.WriteStream, bytes: Buffer | string): Promise<void> {
  if (stream.write(bytes)) return;
  await new Promise((resolve) => stream.once('drain', resolve));
}

const letters = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };

/** On pipes a program has no terminal, so its bytes do not move the person’s. */
function plain(stream: 'terminal' | 'stdout' | 'stderr', bytes: Buffer): string {
  const text = letters[stream === 'stderr' ? 'stderr' : 'stdout'].write(bytes);
  return text
    .split(/([\n\t]|\r\n)/)
    .map((part, i) => (i % 2 === 1 ? part : harmless(part)))
    .join('');
}
