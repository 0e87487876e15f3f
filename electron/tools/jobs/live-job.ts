import type { Actor } from '../../../shared/events/event.ts';
import { isOver, type Job } from '../../../shared/job.ts';
import type { CommandEnd, RunningCommand } from '../../sandbox/sandbox.ts';
import { endWords } from '../end-words.ts';
import { Ends, succeeded } from '../commands/command-output.ts';

const most = 30_000;

/** One job of this life: what it has said so far, and whoever waits to hear more. */
export class LiveJob {
  #facts: Omit<Job, 'stdout' | 'stderr'>;
  readonly #streams = { stdout: new Ends(most), stderr: new Ends(most) };
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  /** Who had it cancelled, and why; null: nobody. */
  cancelled: { readonly by: Actor; readonly reason: string } | null = null;

  constructor(facts: Omit<Job, 'stdout' | 'stderr'>) {
    this.#facts = facts;
  }

  get facts(): Job {
    return { ...this.#facts, stdout: this.#streams.stdout.text(), stderr: this.#streams.stderr.text() };
  }

  get isOver(): boolean {
    return isOver(this.#facts.state);
  }

  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Takes everything it says; resolves when it has ended. */
  async follow(running: RunningCommand, input: string): Promise<CommandEnd> {
    const cancel = () => running.cancel();
    this.stopped.addEventListener('abort', cancel, { once: true });
    if (this.stopped.aborted) cancel();
    try {
      const given = input === '' ? Promise.resolve() : running.write(Buffer.from(input));
      void given.catch(() => undefined).then(() => running.endInput());
      for await (const { stream, bytes } of running.output) {
        this.#streams[stream].add(bytes);
        this.#tell();
      }
      return await running.ended;
    } finally {
      this.stopped.removeEventListener('abort', cancel);
    }
  }

  change(facts: Partial<Omit<Job, 'stdout' | 'stderr'>>): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#tell();
  }

  /** Now, and whenever it says something or changes; until it is over or `signal` aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<Job, void> {
    let news = Promise.withResolvers<void>();
    const heard = () => news.resolve();
    this.#listeners.add(heard);
    signal.addEventListener('abort', heard, { once: true });
    try {
      for (;;) {
        news = Promise.withResolvers();
        yield this.facts;
        if (this.isOver || signal.aborted) return;
        await news.promise;
        if (signal.aborted) return;
      }
    } finally {
      this.#listeners.delete(heard);
      signal.removeEventListener('abort', heard);
    }
  }

  #tell(): void {
    for (const heard of this.#listeners) heard();
  }
}

/** What its end says of the job. */
export function endOfJob(end: CommandEnd): { state: 'done' | 'failed'; code: number | null; ended: string } {
  const { exit_code: code, ended } = endWords(end);
  const words = end.how === 'exited' && code !== 0 ? `it ended with ${code}` : ended;
  return { state: succeeded(end) ? 'done' : 'failed', code, ended: words.slice(0, 2000).toWellFormed() };
}
