import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import { Problem, type ProblemDetails } from '../../shared/problem.ts';
import { Bell, linger } from './lingering.ts';
import { beginThread, type BegunThread } from './thread-begun.ts';

/** Calls a thread answers: name → [argument, what it tells on the way, result]. */
export type ThreadCalls = Record<string, [argument: unknown, told: unknown, result: unknown]>;

type Request = { id: number; name: string; argument: unknown } | { id: number; cancel: true };
type Reply =
  | { here: true; bell?: SharedArrayBuffer }
  | { id: number; told: unknown }
  | { id: number; result: unknown }
  | { id: number; problem: ProblemDetails };

export type ThreadHandlers<Calls extends ThreadCalls> = {
  [Name in keyof Calls]: (
    argument: Calls[Name][0],
    tell: (told: Calls[Name][1]) => void,
    /** Aborted when nobody waits any more. Whoever wants it asks before anything else; most calls are too short to. */
    signal: () => AbortSignal,
  ) => Calls[Name][2] | Promise<Calls[Name][2]>;
};

/**
 * The thread's side: answers each call with its result, or with the problem it met. One that lingers is asked so often
 * that it waits for the next call where it stands.
 */
export function answerCalls<Calls extends ThreadCalls>(
  port: MessagePort,
  handlers: ThreadHandlers<Calls>,
  {
    problemOf = (thrown) => Problem.of(thrown),
    lingers = false,
  }: { problemOf?: (thrown: unknown) => Problem; lingers?: boolean } = {},
): void {
  const controls = new Map<number, AbortController>();
  /** Calls that go on in the event loop. */
  let running = 0;
  const say = (reply: Reply) => port.postMessage(reply);
  const fail = (id: number, thrown: unknown) => say({ id, problem: problemOf(thrown).details() });
  const finish = async (id: number, result: Promise<unknown>) => {
    running++;
    try {
      say({ id, result: await result });
    } catch (thrown) {
      fail(id, thrown);
    } finally {
      running--;
      controls.delete(id);
    }
  };
  const take = (request: Request) => {
    const { id } = request;
    if ('cancel' in request) return controls.get(id)?.abort();
    const signal = () => {
      const control = new AbortController();
      controls.set(id, control);
      return control.signal;
    };
    try {
      const tell = (told: unknown) => say({ id, told });
      const result = handlers[request.name as keyof Calls](request.argument, tell, signal);
      if (result instanceof Promise) void finish(id, result);
      else say({ id, result });
    } catch (thrown) {
      fail(id, thrown);
    }
  };
  const bell = lingers ? new Bell() : null;
  port.on('message', (request: Request) => {
    take(request);
    if (bell) linger(port, bell, take, () => running === 0);
  });
  say({ here: true, ...(bell && { bell: bell.shared }) });
}

interface Waiting {
  resolve(result: unknown): void;
  reject(problem: Problem): void;
  told: ((told: never) => void) | undefined;
}

/** This side: a worker whose calls are promises. Ends every waiting call when the worker dies. */
export class Thread<Calls extends ThreadCalls> {
  readonly #worker: Worker;
  readonly #loaded: Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #bell: Bell | undefined;
  #dead: Problem | undefined;

  constructor(from: URL | BegunThread, workerData?: unknown) {
    const { worker, over, loaded } = from instanceof URL ? beginThread(from, workerData) : from;
    this.#worker = worker;
    this.#loaded = loaded;
    this.#worker.on('message', (reply: Reply) => this.#receive(reply));
    void loaded.then((first) => this.#hear(first as Reply | undefined));
    void over.then((failure) =>
      this.#end(
        failure === undefined ? new Problem('unavailable', 'A worker thread ended.') : Problem.of(failure),
      ),
    );
  }

  get pending(): number {
    return this.#waiting.size;
  }

  get alive(): boolean {
    return this.#dead === undefined;
  }

  call<Name extends keyof Calls & string>(
    name: Name,
    argument: Calls[Name][0],
    options: {
      told?: (told: Calls[Name][1]) => void;
      signal?: AbortSignal;
      transfer?: readonly Transferable[];
    } = {},
  ): Promise<Calls[Name][2]> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#last;
    return new Promise<Calls[Name][2]>((resolve, reject) => {
      const cancel = () => this.#worker.postMessage({ id, cancel: true } satisfies Request);
      const settle = () => options.signal?.removeEventListener('abort', cancel);
      this.#waiting.set(id, {
        resolve: (result) => (settle(), resolve(result)),
        reject: (problem) => (settle(), reject(problem)),
        told: options.told,
      });
      options.signal?.addEventListener('abort', cancel, { once: true });
      this.#worker.postMessage({ id, name, argument } satisfies Request, options.transfer ?? []);
      this.#bell?.ring();
      if (options.signal?.aborted) cancel();
    });
  }

  async close(): Promise<void> {
    await this.#loaded;
    await this.#worker.terminate();
  }

  #hear(first: Reply | undefined): void {
    if (first && 'here' in first && first.bell) this.#bell = new Bell(first.bell);
  }

  #receive(reply: Reply): void {
    if ('here' in reply) return;
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ('told' in reply) {
      waiting.told?.(reply.told as never);
      return;
    }
    this.#waiting.delete(reply.id);
    if ('problem' in reply) waiting.reject(Problem.from(reply.problem));
    else waiting.resolve(reply.result);
  }

  #end(problem: Problem): void {
    this.#dead ??= problem;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
  }
}
