import type { Problem } from '../../../shared/problem.ts';
import { Breach } from './breach.ts';
import type { Channel, Listener } from './channel.ts';
import { CreditedOutput } from './credited-output.ts';
import type { Frame } from './frames.ts';
import { PayloadReader } from './payload-reader.ts';
import { protocol } from './protocol.ts';
import { RecordReader } from './records.ts';
import { type Asked, readRefusal } from './request.ts';
import { refusal } from './refusals.ts';

/** A tool that takes as long as it takes and answers in a stream of records, the last of which says how it went. */
class LongTool implements Listener {
  readonly #channel: Channel;
  readonly #what: string;
  readonly #id: number;
  readonly chunks: CreditedOutput;
  #begun = false;

  constructor(channel: Channel, asked: Asked) {
    this.#channel = channel;
    this.#what = asked.what;
    this.chunks = new CreditedOutput([protocol.STREAM_OUT], (stream, bytes) =>
      channel.send({ type: protocol.FRAME_CREDIT, flags: stream, id: this.#id }, (to) => to.u32(bytes)),
    );
    this.#id = channel.open(this);
    channel.send({ type: protocol.FRAME_FILE, flags: asked.tool, id: this.#id }, asked.fill, 512);
  }

  take({ type, flags, payload }: Frame): void {
    if (type === protocol.FRAME_ERROR && !this.#begun) {
      this.chunks.fail(readRefusal(this.#what, payload));
      this.#channel.close(this.#id);
    } else if (type === protocol.FRAME_STARTED && !this.#begun) {
      this.#begun = true;
    } else if (type === protocol.FRAME_OUTPUT && this.#begun) {
      this.chunks.push({ stream: flags, bytes: payload });
    } else if (type === protocol.FRAME_OUTPUT_END && this.#begun) {
      this.chunks.end(flags);
      this.#channel.close(this.#id);
    } else {
      throw new Breach('a tool’s frame out of its place');
    }
  }

  lost(reason: Problem): void {
    this.chunks.fail(reason);
  }

  cancel(): void {
    if (!this.chunks.over) this.#channel.send({ type: protocol.FRAME_CANCEL, flags: 0, id: this.#id });
  }
}

/** The entries, one by one, then the value it was done with. `breach` is told what breaks the protocol. */
export async function* runLongTool(
  channel: Channel,
  asked: Asked,
  breach: (thrown: unknown) => Problem,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, number> {
  const tool = new LongTool(channel, asked);
  const records = new RecordReader();
  const stop = (): void => tool.cancel();
  signal?.addEventListener('abort', stop);
  try {
    for await (const { bytes } of tool.chunks) {
      signal?.throwIfAborted();
      for (const { kind, payload } of records.take(bytes)) {
        if (kind === protocol.RECORD_ENTRY) {
          yield payload;
          continue;
        }
        const from = new PayloadReader(payload);
        const [one, other] = [from.u32(), from.u32()];
        from.end();
        if (kind === protocol.RECORD_FAILED) throw refusal(asked.what, one, other);
        if (kind !== protocol.RECORD_DONE) throw new Breach('a record of no known kind');
        return one;
      }
    }
    signal?.throwIfAborted();
    throw refusal(asked.what, 0, protocol.REFUSED_BY_KERNEL);
  } catch (thrown) {
    throw thrown instanceof Breach ? breach(thrown) : thrown;
  } finally {
    signal?.removeEventListener('abort', stop);
    tool.cancel();
  }
}
