import { Problem } from '../../../shared/problem.ts';
import type { WriteHow } from '../files.ts';
import { Breach } from './breach.ts';
import type { Channel, Listener } from './channel.ts';
import type { Frame } from './frames.ts';
import { protocol } from './protocol.ts';
import { readNothing, readRefusal } from './request.ts';

const mostOfOnePart = 524_288;

const hows = {
  replace: protocol.WRITE_REPLACE,
  append: protocol.WRITE_APPEND,
  create: protocol.WRITE_CREATE,
} as const;

/** One write, in parts of which each is taken before the next is sent; only the last makes it visible. */
class Write implements Listener {
  readonly #channel: Channel;
  readonly #what: string;
  #answer = Promise.withResolvers<void>();
  readonly #id: number;

  constructor(channel: Channel, what: string) {
    this.#channel = channel;
    this.#what = what;
    this.#id = channel.open(this);
  }

  send(path: string | Buffer, how: WriteHow, bytes: Uint8Array, last: boolean): Promise<void> {
    this.#answer = Promise.withResolvers();
    const mode = how.how === 'append' ? undefined : how.mode;
    const flags = (last ? protocol.WRITE_LAST : 0) + (mode === undefined ? 0 : protocol.WRITE_HAS_MODE);
    this.#channel.send(
      { type: protocol.FRAME_FILE, flags: protocol.TOOL_WRITE, id: this.#id },
      (to) =>
        to
          .path(path)
          .u32(hows[how.how])
          .u32(flags)
          .u32(mode ?? 0)
          .bytes(bytes),
      bytes.length + path.length * 4 + 32,
    );
    return this.#answer.promise;
  }

  take({ type, payload }: Frame): void {
    if (type === protocol.FRAME_ERROR) this.#answer.reject(readRefusal(this.#what, payload));
    else if (type === protocol.FRAME_RESULT) this.#answer.resolve(readNothing(payload));
    else throw new Breach('no answer to a write');
  }

  lost(reason: Problem): void {
    this.#answer.reject(reason);
  }

  close(): void {
    this.#channel.close(this.#id);
  }
}

export async function writeFile(
  channel: Channel,
  path: string | Buffer,
  bytes: Uint8Array,
  how: WriteHow,
): Promise<void> {
  if (path.length === 0) throw new Problem('invalid_input', 'A file without a name cannot be written.');
  const write = new Write(channel, `Writing “${path.toString()}”`);
  try {
    for (let at = 0; at === 0 || at < bytes.length; at += mostOfOnePart) {
      const part = bytes.subarray(at, at + mostOfOnePart);
      await write.send(at === 0 ? path : '', how, part, at + mostOfOnePart >= bytes.length);
      if (channel.lost !== undefined) throw channel.lost;
    }
  } finally {
    write.close();
  }
}
