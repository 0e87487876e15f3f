import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import { Problem, type ProblemDetails } from '../../shared/problem.ts';
import { beginThread, type BegunThread } from './thread-begun.ts';

/** Calls a thread answers: name → [argument, what it tells on the way, result]. */
export type ThreadCalls = Record<string, [argument: unknown, told: unknown, result: unknown]>;

type Request = { id: number; name: string; argument: unknown } | { id: number; cancel: true };
type Reply =
  | { here: true }
  | { id: number; told: unknown }
  | { id: number; result: unknown }
  | { id: number; problem: ProblemDetails };

export type ThreadHandlers<Calls extends ThreadCalls> = {
  [Name in keyof Calls]: (
    argument: Calls[Name][0],
    tell: (told: Calls[Name][1]) => void,
    signal: AbortSignal,
  ) => Calls[Name][2] | Promise<Calls[Name][2]>;
};

/** The thread's side: answers each call with its result, or with the problem it met. */
export function answerCalls<Calls extends ThreadCalls>(
  port: MessagePort,
  handlers: ThreadHandlers<Calls>,
  problemOf: (thrown: unknown) => Problem = (thrown) => Problem.of(thrown),
): void {
  const running = new Map<number, AbortController>();
  const answer = async (id: number, name: string, argument: unknown) => {
    const control = new AbortController();
    running.set(id, control);
    try {
      const tell = (told: unknown) => port.postMessage({ id, told } satisfies Reply);
      const result = await handlers[name as keyof Calls](argument, tell, control.signal);
      port.postMessage({ id, result } satisfies Reply);
    } catch (thrown) {
      port.postMessage({ id, problem: problemOf(thrown).details() } satisfies Reply);
    } finally {
      running.delete(id);
    }
  };
  port.on('message', (request: Request) => {
    if ('cancel' in request) running.get(request.id)?.abort();
    else void answer(request.id, request.name, request.argument);
  });
  port.postMessage({ here: true } satisfies Reply);
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
  #dead: Problem | undefined;

  constructor(from: URL | BegunThread, workerData?: unknown) {
    const { worker, over, loaded } = from instanceof URL ? beginThread(from, workerData) : from;
    this.#worker = worker;
    this.#loaded = loaded;
    this.#worker.on('message', (reply: Reply) => this.#receive(reply));
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
      if (options.signal?.aborted) cancel();
    });
  }

  async close(): Promise<void> {
    await this.#loaded;
    await this.#worker.terminate();
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
