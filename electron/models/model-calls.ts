import type { ModelRef } from '../../shared/conversation.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Budgets } from './budgets.ts';
import { backoff } from './calling/backoff.ts';
import { cancelled } from './calling/cancelled.ts';
import { problemOf } from './calling/failure-problem.ts';
import { type Lane, Lanes } from './calling/lane.ts';
import { question } from './calling/question.ts';
import { waitFor } from './calling/waiting.ts';
import { type KnownModels, nameOf } from './known-models.ts';
import type { ModelCall, ModelFacts, ModelPiece, Models } from './models.ts';
import type { Provider, Providers } from './providers.ts';
import { ModelFailure } from './wires/model-failure.ts';

export interface ModelCallParts {
  readonly record: Pick<AuditRecord, 'append' | 'settings'>;
  readonly known: KnownModels;
  readonly providers: Providers;
  readonly budgets: Budgets;
  readonly clock: Clock;
  /** 0…1, for the spread of attempts. */
  readonly random: () => number;
  readonly fetch: typeof globalThis.fetch;
}

/** Failures after which another model may well answer. */
const elsewhere: ReadonlySet<Problem['code']> = new Set([
  'model_refused',
  'model_failed',
  'unavailable',
  'not_found',
]);

export class ModelCalls implements Models {
  readonly #parts: ModelCallParts;
  /** What all that ask a provider share, whoever they are. */
  readonly lanes: Lanes;

  constructor(parts: ModelCallParts) {
    this.#parts = parts;
    this.lanes = new Lanes(parts.clock);
  }

  facts(ref: ModelRef): ModelFacts {
    return this.#parts.known.facts(ref);
  }

  async defaultModel(): Promise<ModelRef> {
    const chosen = this.#parts.record.settings()['models.default'];
    if (chosen !== null) return chosen;
    throw new Problem(
      'unavailable',
      'No model was chosen yet.',
      'Choose one with `holdfast configure`, or under Settings → Models.',
    );
  }

  async *call(call: ModelCall, signal: AbortSignal): AsyncGenerator<ModelPiece, void> {
    const made = { attempts: 0 };
    for (const [i, ref] of call.models.entries()) {
      try {
        yield* this.#ask(ref, call, made, signal);
        return;
      } catch (thrown) {
        if (signal.aborted) throw cancelled(thrown);
        const next = call.models[i + 1];
        if (!next || !(thrown instanceof Problem) || !elsewhere.has(thrown.code)) throw thrown;
        const fell = { from: ref, to: next, reason: thrown.message };
        const { agent, session } = call;
        await this.#parts.record.append({
          kind: 'model.fell_back',
          actor: { kind: 'agent', id: agent },
          scope: { agent, session },
          data: fell,
        });
        yield { kind: 'fell_back', ...fell };
      }
    }
  }

  close(): void {
    this.lanes.close();
  }

  /** One model, as often as its failures allow. */
  async *#ask(
    ref: ModelRef,
    call: ModelCall,
    made: { attempts: number },
    signal: AbortSignal,
  ): AsyncGenerator<ModelPiece, void> {
    const { provider } = this.#parts.providers.target(ref);
    const lane = this.lanes.of(provider);
    for (let tried = 1; ; tried++) {
      const release = yield* this.#turn(provider, lane, call, signal);
      let failure: ModelFailure;
      try {
        // Its key may have been changed while this waited.
        const target = this.#parts.providers.target(ref);
        const asked = { ref, target, patience: lane.patience, call, attempts: ++made.attempts };
        yield* question(this.#parts, asked, signal);
        lane.breaker.succeeded();
        return;
      } catch (thrown) {
        if (!(thrown instanceof ModelFailure) || signal.aborted) throw thrown;
        failure = thrown;
        learn(lane, failure);
      } finally {
        lane.breaker.ended();
        release();
      }
      const wait = goneForNow(failure, provider) ? null : backoff(failure, tried, this.#parts.random);
      if (wait === null) throw this.#problem(failure, provider, ref, tried);
      const until = new Date(this.#parts.clock.now().getTime() + wait);
      yield { kind: 'waiting', words: `${failure.message} It is tried again.`, until };
      await waitFor(this.#parts.clock, wait, signal);
    }
  }

  async *#turn(
    provider: Provider,
    { turns, breaker }: Lane,
    call: ModelCall,
    signal: AbortSignal,
  ): AsyncGenerator<ModelPiece, () => void> {
    let release = turns.takeNow();
    if (!release) {
      const until = turns.restsUntil;
      const words = until ? `${provider.title} asked for patience.` : `Others are asking ${provider.title}.`;
      yield { kind: 'waiting', words, until };
      release = await turns.take(call.session, signal);
    }
    const again = breaker.refuses();
    if (!again) return release;
    release();
    throw new Problem(
      'model_failed',
      `${provider.title} failed several times in a row, and is left alone until ${again.toISOString()}.`,
      provider.known?.start ?? 'Try again later, or give the agent `fallback` models.',
    );
  }

  #problem(failure: ModelFailure, provider: Provider, ref: ModelRef, attempts: number): Problem {
    const listed = this.#parts.known.listed(provider.name);
    return problemOf(failure, { provider, model: nameOf(ref), listed, attempts });
  }
}

/** Nobody listens on this machine: that does not change by itself in a few seconds. */
const goneForNow = ({ kind }: ModelFailure, { local }: Provider) => kind === 'unreachable' && local;

function learn({ breaker, turns }: Lane, failure: ModelFailure): void {
  if (failure.kind === 'rate_limited') turns.rest(failure.retryAfter ?? 0);
  else if (failure.passing) breaker.failed();
}
