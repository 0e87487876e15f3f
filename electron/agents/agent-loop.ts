import type { Agent } from '../../shared/agent.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { Approvals } from '../approvals/asking.ts';
import type { Clock } from '../base/clock.ts';
import type { CallBudgets, Models, ModelTool } from '../models/models.ts';
import type { CallGround } from './call-ground.ts';
import { CallsAtWork } from './calling/calls-at-work.ts';
import { Compaction } from './context/compaction-at-work.ts';
import { messagesOf } from './context/messages.ts';
import type { CallState, Conversation } from './conversation.ts';
import { Interrupted, interruptionOf } from './interrupted.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { callModel, type Writing } from './model-call.ts';
import { WorkFailed } from './scaffolds/work-failed.ts';
import { afterAnswer, limitReached } from './turn-rules.ts';

export interface LoopParts {
  readonly agent: Agent;
  readonly session: Id<'session'>;
  readonly conversation: Conversation;
  readonly journal: Journal;
  readonly models: Models;
  readonly clock: Clock;
  readonly approvals: Approvals;
  readonly ground: CallGround;
  /** What may change while it works: asked before each call of a model. */
  readonly chain: () => Promise<readonly [ModelRef, ...ModelRef[]]>;
  readonly budgets: () => CallBudgets;
  /** The tools that it holds tokens for now. */
  readonly tools: () => readonly ModelTool[];
  readonly system: () => Promise<string>;
  readonly writing: Writing;
}

/** How a turn came to rest. Suspended ones are gone on with where they were. */
export type TurnEnd =
  | {
      readonly how: 'finished';
      readonly stopReason: string;
      readonly iterations: number;
      /** Of the problem that ended it. */
      readonly code?: ProblemCode | undefined;
    }
  | {
      readonly how: 'suspended';
      readonly why: 'paused' | 'unsure' | 'out_of_budget' | 'stopping';
      readonly reason: string;
    };

type Finish = Extract<JournalEntry, { kind: 'turn_finished' }>;

const longestPreview = 200;

/**
 * The loop of one conversation. It holds nothing that the journal does not hold: whatever it does next follows from
 * the conversation, so that a later life goes on where this one was.
 */
export class AgentLoop {
  readonly #parts: LoopParts;
  readonly #compaction: Compaction;
  readonly #calls: CallsAtWork;
  readonly #life: Date;
  #pausing = false;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#compaction = new Compaction(parts);
    this.#calls = new CallsAtWork(parts);
    this.#life = parts.clock.now();
  }

  /** It stops after what it does now. */
  pause(): void {
    this.#pausing = true;
  }

  goOn(): void {
    this.#pausing = false;
  }

  /** Takes up what waits in the inbox, or goes on with the turn that is under way; null where there is neither. */
  async turn(signal: AbortSignal): Promise<TurnEnd | null> {
    const { conversation } = this.#parts;
    if (!conversation.turn) {
      const { waiting } = conversation;
      if (waiting.length === 0) return null;
      const preview = textOf(waiting[0]?.parts ?? [])
        .slice(0, longestPreview)
        .toWellFormed();
      await this.#write([{ kind: 'turn_started', taken: waiting.map(({ seq }) => seq), preview }]);
    }
    try {
      return await this.#goOn(signal);
    } catch (thrown) {
      return this.#cutShort(thrown, signal);
    }
  }

  async #goOn(signal: AbortSignal): Promise<TurnEnd> {
    const { conversation, agent } = this.#parts;
    for (;;) {
      if (signal.aborted) throw interruptionOf(signal);
      if (this.#pausing) return { how: 'suspended', why: 'paused', reason: 'a person paused it' };
      const open = conversation.openCalls;
      if (open.length > 0) {
        const unsure = await this.#calls.run(open, signal, () => this.#pausing);
        if (unsure.length > 0) return { how: 'suspended', why: 'unsure', reason: unsureWords(unsure) };
        continue;
      }
      const { turn } = conversation;
      if (!turn) throw new Problem('internal', 'The turn has ended.');
      const last = conversation.items.at(-1);
      if (last?.kind === 'answer' && last.calls.length === 0) {
        const end = await this.#take(afterAnswer(agent, turn, isEmpty(last.message.parts)));
        if (end) return end;
        continue;
      }
      const limit = limitReached(agent, turn, this.#secondsOf(turn.started));
      if (limit !== null) return this.#finish(limit);
      const end = await this.#ask(signal);
      if (end) return end;
    }
  }

  async #ask(signal: AbortSignal): Promise<TurnEnd | null> {
    const { conversation, agent, session, models, clock, writing } = this.#parts;
    const [chain, system] = await Promise.all([this.#parts.chain(), this.#parts.system()]);
    const shorter = await this.#compaction.run(chain, system, signal);
    const tools = this.#parts.tools();
    const begun = clock.now();
    const answer = await callModel(
      models,
      {
        models: chain,
        system: shorter,
        messages: messagesOf(conversation.items),
        tools,
        maxOutputTokens: agent.limits.outputTokens,
        ...(agent.temperature === null ? {} : { temperature: agent.temperature }),
        agent: agent.name,
        session,
        budgets: this.#parts.budgets(),
      },
      signal,
      writing,
    );
    const milliseconds = clock.now().getTime() - begun.getTime();
    const entry = { kind: 'answer', ...answer, milliseconds } as const;
    const next = this.#nextAfter(entry);
    await this.#write(next ? [entry, next] : [entry]);
    writing.written();
    return next?.kind === 'turn_finished' ? finished(next) : null;
  }

  /** What follows an answer without calls is written with it: one flush less, and no moment in between. */
  #nextAfter({ message, stop, usage }: Extract<JournalEntry, { kind: 'answer' }>) {
    const { conversation, agent } = this.#parts;
    const { turn } = conversation;
    if (!turn || !message || message.parts.some(({ kind }) => kind === 'call')) return null;
    const empty = isEmpty(message.parts);
    const after = {
      ...turn,
      iterations: turn.iterations + 1,
      tokens: turn.tokens + usage.input + usage.output,
      stopped: stop,
      empty: turn.empty + (empty ? 1 : 0),
    };
    return afterAnswer(agent, after, empty);
  }

  async #take(next: ReturnType<typeof afterAnswer>): Promise<TurnEnd | null> {
    await this.#write([next]);
    return next.kind === 'turn_finished' ? finished(next) : null;
  }

  async #finish(stopReason: string, code?: ProblemCode): Promise<TurnEnd> {
    const iterations = this.#parts.conversation.turn?.iterations ?? 0;
    const finish: Finish = { kind: 'turn_finished', stopReason, iterations, ...(code && { code }) };
    await this.#write([finish]);
    return finished(finish);
  }

  async #cutShort(thrown: unknown, signal: AbortSignal): Promise<TurnEnd> {
    const interrupted = signal.aborted ? interruptionOf(signal) : thrown;
    this.#parts.writing.void();
    if (interrupted instanceof Interrupted) {
      if (interrupted.goesOn) return { how: 'suspended', why: 'stopping', reason: interrupted.message };
      await this.#calls.refuse(this.#parts.conversation.openCalls, interrupted.message);
      return this.#finish('interrupted');
    }
    if (thrown instanceof WorkFailed) return this.#finish(thrown.stopReason);
    const problem = Problem.of(thrown);
    if (problem.code === 'budget_exhausted') {
      const reason = [problem.message, problem.mend ?? ''].join(' ').trim();
      return { how: 'suspended', why: 'out_of_budget', reason };
    }
    // What the record does not take cannot be gone on with, nor ended, before it does.
    if (problem.code === 'storage_full' || problem.code === 'storage_failed') throw problem;
    await this.#calls.refuse(this.#parts.conversation.openCalls, problem.message);
    return this.#finish(`error: ${problem.message}`.slice(0, 2000).toWellFormed(), problem.code);
  }

  async #write(entries: readonly JournalEntry[]): Promise<void> {
    this.#parts.conversation.apply(await this.#parts.journal.write(entries));
  }

  /** Of this life: the time in which nobody worked does not count. */
  #secondsOf(started: Date): number {
    const since = Math.max(started.getTime(), this.#life.getTime());
    return (this.#parts.clock.now().getTime() - since) / 1000;
  }
}

function finished({ stopReason, iterations, code }: Finish): TurnEnd {
  return { how: 'finished', stopReason, iterations, code };
}

function unsureWords(calls: readonly CallState[]): string {
  const [first] = calls;
  const tool = first?.part.tool ?? 'a call';
  return calls.length === 1
    ? `whether ${tool} was done is unknown`
    : `whether ${calls.length} calls were done is unknown, ${tool} among them`;
}

function isEmpty(parts: readonly { readonly kind: string; readonly text?: string }[]): boolean {
  return parts.every(
    ({ kind, text }) => kind === 'thinking' || (kind === 'text' && (text ?? '').trim() === ''),
  );
}

function textOf(parts: readonly { readonly kind: string; readonly text?: string }[]): string {
  return parts.map((part) => (part.kind === 'text' ? (part.text ?? '') : '(a picture)')).join(' ');
}
