import type { CommandEnd, RunningCommand } from '../../sandbox/sandbox.ts';
import type { ToolShown } from '../tool.ts';

export interface Ran {
  readonly end: CommandEnd;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether something in the middle of either was left out. */
  readonly cut: boolean;
  readonly milliseconds: number;
}

/** Keeps the beginning and the end of an output, and says how much it left out between them. */
export class Ends {
  readonly #most: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail = Buffer.alloc(0);
  #left = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(bytes: Uint8Array): void {
    const half = this.#most / 2;
    const room = Math.max(0, half - this.#headBytes);
    const first = Buffer.from(bytes.subarray(0, room));
    if (first.length > 0) this.#head.push(first);
    this.#headBytes += first.length;
    const tail = Buffer.concat([this.#tail, bytes.subarray(room)]);
    const over = Math.max(0, tail.length - half);
    this.#left += over;
    this.#tail = tail.subarray(over);
  }

  get cut(): boolean {
    return this.#left > 0;
  }

  text(): string {
    const head = Buffer.concat(this.#head).toString('utf8');
    const tail = this.#tail.toString('utf8');
    return this.cut
      ? `${head}\n[… ${this.#left.toLocaleString('en')} bytes left out …]\n${tail}`
      : head + tail;
  }
}

/** Takes everything a command says, however much that is, and waits for its end. */
export async function takeOutput(
  running: RunningCommand,
  {
    most,
    input = '',
    now,
    signal,
    heard = () => undefined,
  }: {
    most: number;
    input?: string;
    now: () => Date;
    signal: AbortSignal;
    /** Both streams, as they come. */
    heard?: (bytes: Uint8Array) => void;
  },
): Promise<Ran> {
  const began = now().getTime();
  const streams = { stdout: new Ends(most), stderr: new Ends(most) };
  const cancel = () => running.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    // Beside its output: a command may say much before it reads what it is given.
    const given = input === '' ? Promise.resolve() : running.write(Buffer.from(input));
    void given.catch(() => undefined).then(() => running.endInput());
    for await (const { stream, bytes } of running.output) {
      streams[stream].add(bytes);
      heard(bytes);
    }
    const end = await running.ended;
    return {
      end,
      stdout: streams.stdout.text(),
      stderr: streams.stderr.text(),
      cut: streams.stdout.cut || streams.stderr.cut,
      milliseconds: now().getTime() - began,
    };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

export const succeeded = (end: CommandEnd) => end.how === 'exited' && end.code === 0;

export function shownEnd(end: CommandEnd): ToolShown {
  return {
    kind: 'command',
    code: end.how === 'exited' || end.how === 'not_started' ? end.code : null,
    signal: end.how === 'signalled' ? end.signal : null,
  };
}
