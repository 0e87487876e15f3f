import type { Draft } from '../../shared/events/catalogue.ts';
import type { Actor, Scope } from '../../shared/events/event.ts';
import type { ModelRef, Usage } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Budgets, Reservation } from './budgets.ts';
import type { Lanes } from './calling/lane.ts';
import { type Settled, Settling } from './calling/settling.ts';
import type { KnownModels } from './known-models.ts';
import type { CallBudgets } from './models.ts';
import { Listening } from './passing/listening.ts';
import { Passage } from './passing/passage.ts';
import { PassedQuestion, type PassedWire, passedWires } from './passing/passed-wires.ts';
import { type PassedAnswer, refusalIn } from './passing/refusal.ts';
import { type PassedRequest, sendQuestion, type Way } from './passing/send-question.ts';
import type { Providers, Target } from './providers.ts';

export type { PassedWire } from './passing/passed-wires.ts';
export type { PassedAnswer } from './passing/refusal.ts';
export type { PassedRequest } from './passing/send-question.ts';

export interface PassingParts {
  readonly record: Pick<AuditRecord, 'append'>;
  readonly known: KnownModels;
  readonly providers: Providers;
  readonly budgets: Budgets;
  /** Shared with calls of Holdfast's own. */
  readonly lanes: Lanes;
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

interface Asked {
  readonly payer: Payer;
  readonly question: PassedQuestion;
  readonly ref: ModelRef;
  readonly request: Id<'event'>;
  readonly settling: Settling;
  readonly passage: Passage;
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
      const { provider } = target;
      const on = { clock: this.#parts.clock, lane: this.#parts.lanes.of(provider), provider };
      const passage = await Passage.begin(on, payer.session ?? payer.agent, signal);
      try {
        const way = { target, passage, signal };
        if (request.counts) return await sendQuestion(this.#parts.fetch, request, question, way);
        return await this.#ask(request, { payer, question, ref, passage }, way);
      } catch (thrown) {
        passage.over();
        throw thrown;
      }
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
    { payer, question, ref, passage }: Pick<Asked, 'payer' | 'question' | 'ref' | 'passage'>,
    way: Way,
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
      this.#fit(question, reserved, { wished, isListed: known.isListed(ref), target: way.target });
      const intent = await this.#tell(payer, {
        kind: 'model.requested',
        data: {
          model: ref,
          messages: question.messages,
          reserved: amountOf(reserved),
          ...othersOf(reserved),
        },
      });
      const begun = clock.now().getTime();
      return await this.#answer(
        request,
        { payer, question, ref, request: intent, settling, passage, begun },
        way,
      );
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

  async #answer(request: PassedRequest, asked: Asked, way: Way): Promise<PassedAnswer> {
    const { settling } = asked;
    let answer: PassedAnswer;
    try {
      answer = await sendQuestion(this.#parts.fetch, request, asked.question, way);
    } catch (thrown) {
      const problem = Problem.of(thrown);
      const isSent = problem.code !== 'unreachable';
      const settled = isSent ? cutShort(asked, null) : settling.nothing();
      await this.#failed(asked, isSent ? 'cut' : 'unreachable', problem.message, settled);
      throw thrown;
    }
    if (answer.status >= 400) {
      const settled = settling.nothing();
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
      const settled = cutShort(asked, listening.usage);
      await this.#failed(asked, 'cut', 'The answer was not heard to its end.', settled);
      return;
    }
    const told = listening.usage;
    const whole = told === null || listening.isOver ? told : settling.atLeast(told);
    const { usage, cost } = settling.answered(whole);
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
}

/** An answer in one piece tells nothing until it is there, whoever still hears it. */
const cutShort = ({ question, settling }: Asked, told: Usage | null): Settled =>
  question.streams ? settling.cut(told) : settling.worst();

const amountOf = ({ tokens, micros }: Reservation) => ({ tokens, micros });
const othersOf = ({ charged, agents }: Reservation) => ({
  ...(charged.length > 0 && { charged: [...charged] }),
  ...(agents.length > 0 && { agents: [...agents] }),
});
