import type { Readable, Writable } from 'node:stream';
import { Problem } from '../../shared/problem.ts';
import { headersOf, type Message, messagesIn, sessionOf } from './mcp-messages.ts';

export interface BridgeNeeds {
  readonly input: Readable;
  readonly output: Writable;
  readonly token: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly say: (text: string) => void;
}

const place = 'http://holdfast/mcp';
/** Of one message. */
const mostBytes = 1 << 20;

/**
 * Lines of standard input become requests to Holdfast, and what it answers becomes lines of standard output. It knows
 * nothing of what they say but what HTTP wants in its headers: so both ends speak whichever version they agree on.
 */
export class McpBridge {
  readonly #needs: BridgeNeeds;
  readonly #asking = new Map<unknown, AbortController>();
  readonly #running = new Set<Promise<void>>();
  /** Ends what stands to hear what changes. */
  readonly #listening = new AbortController();
  /** Of a client that speaks a version of 2025. */
  #session: { id: string; version: string | undefined } | null = null;

  constructor(needs: BridgeNeeds) {
    this.#needs = needs;
  }

  /** Until the other end says no more; what it asked before is answered still. */
  async run(): Promise<void> {
    for await (const line of linesOf(this.#needs.input)) {
      const passing = this.#pass(line).finally(() => this.#running.delete(passing));
      this.#running.add(passing);
      // What comes after is asked in the session that this begins.
      if (parsed(line)?.method === 'initialize') await passing;
    }
    this.#listening.abort();
    await Promise.all(this.#running);
    await this.#endSession();
  }

  async #pass(line: string): Promise<void> {
    const message = parsed(line);
    if (message === null) return this.#tell({ jsonrpc: '2.0', id: null, error: notJson });
    if (message.method === 'notifications/cancelled' && this.#cancel(message)) return;
    const asking = new AbortController();
    const { id } = message;
    if (id !== undefined && message.method !== undefined) this.#asking.set(id, asking);
    const stands = message.method === 'subscriptions/listen';
    const signal = stands ? AbortSignal.any([asking.signal, this.#listening.signal]) : asking.signal;
    try {
      await this.#send(line, message, signal);
    } catch (thrown) {
      if (!signal.aborted) this.#failed(message, thrown);
    } finally {
      if (id !== undefined) this.#asking.delete(id);
    }
  }

  /** Over HTTP, whoever asked in the newer version takes it back by leaving. */
  #cancel({ params }: Message): boolean {
    if (this.#session !== null) return false;
    this.#asking.get((params as { requestId?: unknown } | undefined)?.requestId)?.abort();
    return true;
  }

  async #send(body: string, message: Message, signal: AbortSignal): Promise<void> {
    const answer = await this.#needs.fetch(
      new Request(place, {
        method: 'POST',
        headers: { ...this.#head(), ...headersOf(message) },
        body,
        signal,
      }),
    );
    const begun = sessionOf(message, answer);
    await this.#tellAll(answer, message);
    if (begun !== null) this.#beginSession(begun, body);
  }

  #head(): Record<string, string> {
    return {
      authorization: `Bearer ${this.#needs.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.#session && { 'mcp-session-id': this.#session.id }),
      ...(this.#session?.version !== undefined && { 'mcp-protocol-version': this.#session.version }),
    };
  }

  async #tellAll(answer: Response, message: Message): Promise<void> {
    for await (const told of messagesIn(answer)) this.#tell(told);
    if (answer.ok || message.id === undefined) return;
    if (answer.headers.get('content-type')?.includes('json') !== true)
      this.#tell({
        jsonrpc: '2.0',
        id: message.id,
        error: { code: -32_603, message: 'It was not answered.' },
      });
  }

  /** What Holdfast says unasked, in a version that keeps sessions, comes by a stream of its own. */
  #beginSession(id: string, body: string): void {
    const asked = parsed(body)?.params as { protocolVersion?: string } | undefined;
    this.#session = { id, version: asked?.protocolVersion };
    const listening = this.#listen().catch(() => undefined);
    const both = listening.finally(() => this.#running.delete(both));
    this.#running.add(both);
  }

  async #listen(): Promise<void> {
    const { signal } = this.#listening;
    const answer = await this.#needs.fetch(new Request(place, { headers: this.#head(), signal }));
    for await (const told of messagesIn(answer)) this.#tell(told);
  }

  async #endSession(): Promise<void> {
    if (this.#session === null) return;
    await this.#needs
      .fetch(new Request(place, { method: 'DELETE', headers: this.#head() }))
      .catch(() => undefined);
  }

  #tell(message: unknown): void {
    this.#needs.output.write(`${JSON.stringify(message)}\n`);
  }

  #failed({ id, method }: Message, thrown: unknown): void {
    const words = Problem.of(thrown).message;
    if (id === undefined || method === undefined) this.#needs.say(words);
    else
      this.#tell({
        jsonrpc: '2.0',
        id,
        error: { code: -32_603, message: `Holdfast does not answer: ${words}` },
      });
  }
}

const notJson = { code: -32_700, message: 'That is no JSON.' };

function parsed(line: string): Message | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

async function* linesOf(input: Readable): AsyncGenerator<string, void> {
  let kept = '';
  input.setEncoding('utf8');
  for await (const part of input as AsyncIterable<string>) {
    kept += part;
    for (let at = kept.indexOf('\n'); at >= 0; at = kept.indexOf('\n')) {
      const line = kept.slice(0, at).trim();
      kept = kept.slice(at + 1);
      if (line !== '') yield line;
    }
    if (kept.length > mostBytes)
      throw new Problem('too_large', `A message has at most ${mostBytes} characters.`);
  }
}
