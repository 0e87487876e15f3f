import type { Draft } from '../../shared/events/catalogue.ts';
import type { Actor, Scope } from '../../shared/events/event.ts';
import type { ModelRef, Usage } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Budgets, Reservation } from './budgets.ts';
import { Settling } from './calling/settling.ts';
import type { KnownModels } from './known-models.ts';
import type { CallBudgets } from './models.ts';
import { Listening } from './passing/listening.ts';
import { PassedQuestion, type PassedWire, passedWires } from './passing/passed-wires.ts';
import { type PassedAnswer, refusalIn } from './passing/refusal.ts';
import type { Providers, Target } from './providers.ts';
import { boundedFetch, mostBytes } from './wires/bounded-fetch.ts';

export type { PassedWire } from './passing/passed-wires.ts';
export type { PassedAnswer } from './passing/refusal.ts';

export interface PassingParts {
  readonly record: Pick<AuditRecord, 'append'>;
  readonly known: KnownModels;
  readonly providers: Providers;
  readonly budgets: Budgets;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
}

/** For whom a question is passed on: who pays, and as whom it stands on the record. */
export interface Payer {
  readonly actor: Actor;
  /** Whose budget it counts for: an agent's name, or what stands for a program outside. */
  readonly agent: string;
  readonly session: Id<'session'> | null;
  readonly budgets?: CallBudgets | undefined;
  /** The model that answers, whatever the question names; null: the one that it names. */
  readonly model: string | null;
}

export interface PassedRequest {
  readonly wire: PassedWire;
  /** Counts tokens instead of answering; only Messages can. */
  readonly counts?: boolean;
  readonly search: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What goes there and back beside the words: nothing that could carry a key, or tell of this machine. */
const there = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta', 'openai-beta'];
const back = ['content-type', 'retry-after', 'request-id', 'x-request-id', 'x-should-retry'];

interface Asked {
  readonly payer: Payer;
  readonly question: PassedQuestion;
  readonly ref: ModelRef;
  readonly request: Id<'event'>;
  readonly settling: Settling;
  readonly begun: number;
}

/**
 * Passes questions of programs that Holdfast did not write on to whoever serves their model, with the key that only
 * Holdfast knows. Budget first, as with calls of its own; the answer goes back byte for byte while it is read for
 * what it took. What is refused here is refused in the words of that wire.
 */
export class Passing {
  readonly #parts: PassingParts;

  constructor(parts: PassingParts) {
    this.#parts = parts;
  }

  /** Never throws: a refusal is an answer. */
  async pass(request: PassedRequest, payer: Payer, signal: AbortSignal): Promise<PassedAnswer> {
    try {
      const question = new PassedQuestion(request.wire, request.body);
      const target = this.#target(question, payer);
      const ref = `${target.provider.name}/${target.model}`;
      question.name(target.model);
      if (request.counts) return await this.#send(request, question, target, signal);
      return await this.#ask(request, { payer, question, ref, target }, signal);
    } catch (thrown) {
      return refusalIn(request.wire, thrown);
    }
  }

  /** The models that can be had in this wire, as its servers list them. */
  models(wire: PassedWire): { id: string; provider: string }[] {
    const { providers, known } = this.#parts;
    return providers
      .list()
      .filter((each) => each.wire === passedWires[wire].provider && providers.usable(each))
      .flatMap(({ name }) => known.listed(name).map((id) => ({ id, provider: name })));
  }

  /** Throws where nobody here could answer as this model. */
  check(model: string): void {
    this.#served(model);
  }

  #target(question: PassedQuestion, payer: Payer): Target {
    const target = this.#served(payer.model ?? question.model);
    const { provider } = passedWires[question.wire];
    if (target.provider.wire === provider) return target;
    throw new Problem(
      'invalid_input',
      `${target.provider.title} does not take questions in this form.`,
      `Ask a model that does, or let the program speak ${target.provider.wire === 'messages' ? 'Messages' : 'chat completions'}.`,
    );
  }

  #served(named: string): Target {
    const { known, providers } = this.#parts;
    const ref = known.refOf(named);
    if (ref === null) {
      throw new Problem(
        'not_found',
        `Nobody here is known to serve the model “${named}”.`,
        'Name it as PROVIDER/MODEL; `holdfast models` lists what there is.',
      );
    }
    return providers.target(ref);
  }

  async #ask(
    request: PassedRequest,
    { payer, question, ref, target }: Pick<Asked, 'payer' | 'question' | 'ref'> & { target: Target },
    signal: AbortSignal,
  ): Promise<PassedAnswer> {
    const { known, budgets, clock } = this.#parts;
    const price = known.price(ref);
    const { outputTokens, contextTokens } = known.facts(ref);
    const wished = (question.output ?? outputTokens) * question.answers;
    // What lies with the provider is as long as it can be, for all that is known here.
    const input = question.goesOn ? Math.max(question.input, contextTokens) : question.input;
    const wish = {
      model: ref,
      agent: payer.agent,
      session: payer.session,
      budgets: payer.budgets,
      input,
      price,
    };
    const reserved = budgets.reserve({ ...wish, output: wished });
    const settling = new Settling(reserved, input, price);
    try {
      this.#fit(question, reserved, { wished, isListed: known.isListed(ref), target });
      const intent = await this.#tell(payer, {
        kind: 'model.requested',
        data: {
          model: ref,
          messages: question.messages,
          reserved: amountOf(reserved),
          ...othersOf(reserved),
        },
      });
      const asked = { payer, question, ref, request: intent, settling, begun: clock.now().getTime() };
      return await this.#answer(request, asked, target, signal);
    } catch (thrown) {
      if (!settling.done) settling.nothing();
      throw thrown;
    }
  }

  /** The answer may be no longer than what is left pays for, and than was set aside where nobody says how long. */
  #fit(
    question: PassedQuestion,
    { output }: Reservation,
    { wished, isListed, target: { endpoint } }: { wished: number; isListed: boolean; target: Target },
  ): void {
    const each = Math.floor(output / question.answers);
    if (output >= wished && (question.output !== null || isListed)) return;
    if (question.thinking >= each || each < 1) {
      throw new Problem(
        'budget_exhausted',
        `What is left pays for an answer of ${each} tokens, which is less than it is to think.`,
        'Raise the budget, or let it think less.',
      );
    }
    question.bound(each, endpoint.outputBound);
  }

  async #answer(
    request: PassedRequest,
    asked: Asked,
    target: Target,
    signal: AbortSignal,
  ): Promise<PassedAnswer> {
    let answer: PassedAnswer;
    try {
      answer = await this.#send(request, asked.question, target, signal);
    } catch (thrown) {
      await this.#failed(asked, 'unreachable', Problem.of(thrown).message, asked.settling.nothing());
      throw thrown;
    }
    if (answer.status >= 400) {
      const settled = asked.settling.nothing();
      await this.#failed(
        asked,
        `status_${answer.status}`,
        `Its provider answered ${answer.status}.`,
        settled,
      );
      return answer;
    }
    return { ...answer, body: this.#listened(answer, asked) };
  }

  async *#listened({ body, headers }: PassedAnswer, asked: Asked): AsyncGenerator<Uint8Array, void> {
    const streams = headers['content-type']?.startsWith('text/event-stream') === true;
    const listening = new Listening(asked.question.wire, streams);
    let isWhole = false;
    try {
      for await (const chunk of body) {
        listening.take(chunk);
        yield chunk;
      }
      listening.end();
      isWhole = true;
    } finally {
      // Also where whoever asked went away in the middle.
      await this.#over(asked, listening, isWhole);
    }
  }

  async #over(asked: Asked, listening: Listening, isWhole: boolean): Promise<void> {
    const { settling } = asked;
    settling.heardBytes(listening.heard);
    // Until its end is told, what it took is told by halves: it is what was heard, if that is more.
    if (!isWhole && !listening.isOver) {
      const settled = settling.cut(listening.usage);
      await this.#failed(asked, 'cut', 'The answer was not heard to its end.', settled);
      return;
    }
    const { usage, cost } = settling.answered(listening.usage);
    await this.#called(asked, { usage, cost, answer: listening });
  }

  async #called(
    { payer, question, ref, request, begun }: Asked,
    said: { usage: Usage; cost: number | null; answer: Listening },
  ): Promise<void> {
    const { input, output, cacheRead, cacheWrite } = said.usage;
    const milliseconds = Math.max(0, this.#parts.clock.now().getTime() - begun);
    const { whole, streams } = said.answer;
    const type = streams ? 'text/event-stream' : 'application/json';
    const blobs = [
      { name: 'request.json', type: 'application/json', content: question.bytes },
      ...(whole === null ? [] : [{ name: 'answer', type, content: whole }]),
    ];
    await this.#tell(
      payer,
      {
        kind: 'model.called',
        data: {
          model: ref,
          inputTokens: input,
          outputTokens: output,
          cacheReadTokens: cacheRead,
          cacheWriteTokens: cacheWrite,
          cost: said.cost,
          attempts: 1,
          milliseconds,
          passed: true,
        },
      },
      { parent: request, blobs },
    );
  }

  async #failed(
    { payer, ref, request }: Asked,
    code: string,
    reason: string,
    settled: { tokens: number; micros: number | null },
  ): Promise<void> {
    await this.#tell(
      payer,
      { kind: 'model.failed', data: { model: ref, code, reason, settled } },
      { parent: request },
    );
  }

  async #tell(
    { actor, agent, session }: Payer,
    said: Pick<Draft, 'kind' | 'data'>,
    more: Pick<Draft, 'parent' | 'blobs'> = {},
  ): Promise<Id<'event'>> {
    const scope: Scope = { agent, ...(session !== null && { session }) };
    const event = await this.#parts.record.append({ ...said, ...more, actor, scope } as Draft);
    return event.id;
  }

  async #send(
    { wire, counts, search, headers }: PassedRequest,
    question: PassedQuestion,
    { endpoint }: Target,
    signal: AbortSignal,
  ): Promise<PassedAnswer> {
    const { key, baseUrl } = endpoint;
    const url = `${baseUrl}${passedWires[wire].path}${counts ? '/count_tokens' : ''}${search}`;
    const sent = Object.fromEntries(there.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
    const credential: Record<string, string> =
      key === null ? {} : wire === 'messages' ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
    const fetch = boundedFetch(this.#parts.fetch, mostBytes);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...sent, 'content-type': 'application/json', ...credential },
      body: new Uint8Array(question.bytes),
      redirect: 'error',
      signal,
    }).catch((failure: unknown) => {
      throw new Problem('unavailable', `${endpoint.provider} cannot be reached.`, undefined, {
        cause: failure,
      });
    });
    const given = Object.fromEntries(
      back.flatMap((name) => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const body = answer.body ?? nothing();
    return { status: answer.status, headers: given, body: answer.ok ? body : withoutKey(body, key) };
  }
}

const longestComplaint = 256 << 10;

/** What a provider complains of may repeat what it was sent. */
async function* withoutKey(
  body: AsyncIterable<Uint8Array>,
  key: string | null,
): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > longestComplaint) break;
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString();
  yield Buffer.from(key ? text.replaceAll(key, '[secret]') : text);
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

const amountOf = ({ tokens, micros }: Reservation) => ({ tokens, micros });
const othersOf = ({ charged, agents }: Reservation) => ({
  ...(charged.length > 0 && { charged: [...charged] }),
  ...(agents.length > 0 && { agents: [...agents] }),
});
