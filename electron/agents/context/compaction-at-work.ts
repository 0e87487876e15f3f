import type { Agent } from '../../../shared/agent.ts';
import type { ModelRef } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import type { CallBudgets, Models } from '../../models/models.ts';
import type { Conversation, Item } from '../conversation.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import { callModel, type Writing } from '../model-call.ts';
import { itemsToSummarize } from './compaction.ts';
import { messagesOf } from './messages.ts';
import { quotedPart, summaryPrompt, summaryTokens } from './summarizing.ts';
import { countTokens, guessedTokens, tokensOfText } from './token-count.ts';

export interface CompactionParts {
  readonly agent: Agent;
  readonly session: Id<'session'>;
  readonly conversation: Conversation;
  readonly journal: Journal;
  readonly models: Models;
  readonly clock: Clock;
  readonly budgets: () => CallBudgets;
}

const silent: Writing = {
  piece: () => undefined,
  waiting: () => undefined,
  void: () => undefined,
  written: () => undefined,
};

/** After a failure, so many more items are waited for before it is tried again. */
const pause = 6;

/** Keeps a conversation within what its model holds: the older part is told by a summary, and stays on the record. */
export class Compaction {
  readonly #parts: CompactionParts;
  #notBefore = 0;

  constructor(parts: CompactionParts) {
    this.#parts = parts;
  }

  /** Makes room where there is little; gives the system prompt with what is told by a summary. */
  async run(chain: readonly [ModelRef, ...ModelRef[]], system: string, signal: AbortSignal): Promise<string> {
    const { agent, conversation, models } = this.#parts;
    const { contextTokens, maxMessages, summarizationThreshold } = agent.memory;
    const limits = {
      budget: Math.min(contextTokens, models.facts(chain[0]).contextTokens),
      threshold: summarizationThreshold,
      mostMessages: maxMessages,
    };
    const { items } = conversation;
    const counted = countTokens(items, withSummary(system, conversation), conversation.summary?.seq ?? -1);
    const older = itemsToSummarize(items, counted, limits);
    if (older.length > 0 && items.length >= this.#notBefore) await this.#summarize(older, chain, signal);
    return withSummary(system, conversation);
  }

  async #summarize(
    older: readonly Item[],
    chain: readonly [ModelRef, ...ModelRef[]],
    signal: AbortSignal,
  ): Promise<void> {
    const { agent, session, conversation, journal, models, clock, budgets } = this.#parts;
    const chosen: readonly [ModelRef, ...ModelRef[]] = agent.memory.summarizationModel
      ? [agent.memory.summarizationModel, ...chain]
      : chain;
    const before = conversation.summary;
    const part = quotedPart(older, before, models.facts(chosen[0]).contextTokens);
    const begun = clock.now();
    try {
      const answer = await callModel(
        models,
        {
          models: chosen,
          system: summaryPrompt,
          messages: [{ role: 'user', parts: [{ kind: 'text', text: part }] }],
          tools: [],
          maxOutputTokens: summaryTokens,
          agent: agent.name,
          session,
          budgets: budgets(),
        },
        signal,
        silent,
      );
      const { message, ...numbers } = answer;
      const text = message.parts.map((said) => (said.kind === 'text' ? said.text : '')).join('');
      const aside = {
        kind: 'aside',
        ...numbers,
        milliseconds: clock.now().getTime() - begun.getTime(),
      } as const;
      if (text.trim() === '') return await this.#failed([aside], 'The summary was empty.', 'empty_response');
      const told = older.reduce((sum, item) => sum + guessedTokens(item), 0);
      const range = [before?.range[0] ?? older[0]?.seq ?? 0, older.at(-1)?.seq ?? 0] as const;
      const tokensSaved = Math.max(0, told - tokensOfText(text));
      const messages = messagesOf(older).length;
      const summarized = { kind: 'summarized', range, messages, tokensSaved, text } as const;
      conversation.apply(await journal.write([aside, summarized]));
    } catch (thrown) {
      const { code, message } = Problem.of(thrown);
      if (signal.aborted || code === 'budget_exhausted' || code.startsWith('storage')) throw thrown;
      await this.#failed([], message, 'llm_call_failed');
    }
  }

  /** The whole history stays, and counts on. */
  async #failed(entries: readonly JournalEntry[], reason: string, failure: string): Promise<void> {
    const { conversation, journal } = this.#parts;
    this.#notBefore = conversation.items.length + pause;
    conversation.apply(await journal.write([...entries, { kind: 'summary_failed', reason, failure }]));
  }
}

function withSummary(system: string, { summary }: Conversation): string {
  return summary && summary.text !== ''
    ? `${system}\n\n[Summary of the earlier conversation]\n${summary.text}`
    : system;
}
