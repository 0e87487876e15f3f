import type { AssistantMessage, Message, ModelRef, Stop, Usage } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';

/** A tool as a model is told of it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** One call of a model. */
export interface ModelCall {
  /** The first one that can be had answers. */
  readonly models: readonly [ModelRef, ...ModelRef[]];
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ModelTool[];
  readonly maxOutputTokens: number;
  readonly temperature?: number | undefined;
  /** For whom: budgets hold per agent and session, pacing is fair between sessions. */
  readonly agent: string;
  readonly session: Id<'session'>;
  /** What this call may spend, beside what the settings allow in all. */
  readonly budgets?: CallBudgets | undefined;
}

/** Null: no bound. */
export interface SpendLimit {
  readonly tokens: number | null;
  /** Millionths of a dollar. */
  readonly micros: number | null;
}

/** `periodSeconds` 0: never reset. */
export interface AgentLimit extends SpendLimit {
  readonly periodSeconds: number;
}

export interface CallBudgets {
  /** Of the run that it is a part of, shared by all its parts. */
  readonly run?: (SpendLimit & { readonly run: Id<'run'> }) | null;
  /** Of the agent that asks. */
  readonly agent?: AgentLimit | null;
  /** Of the agents that it was started by: what a child spends, they spend too. Null: no bound, and counted all the same. */
  readonly agents?: readonly { readonly agent: string; readonly limit: AgentLimit | null }[];
  /** Its own session's, and those of the sessions it was started from: what a child spends, its parents spend too. */
  readonly sessions?: readonly (SpendLimit & { readonly session: Id<'session'> })[];
}

/** What arrives while a model answers, in order. Exactly one `end` is last; a failure is thrown as a `Problem`. */
export type ModelPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** The model began to write a call; its arguments arrive with the end. */
  | { readonly kind: 'call'; readonly tool: string }
  /** It waits: for its turn, for a provider that asked for patience, or for another try. Pieces before it are void. */
  | { readonly kind: 'waiting'; readonly words: string; readonly until: Date | null }
  /** Another model of the chain answers. Pieces before it are void. */
  | { readonly kind: 'fell_back'; readonly from: ModelRef; readonly to: ModelRef; readonly reason: string }
  | ({ readonly kind: 'end' } & ModelAnswer);

export interface ModelAnswer {
  /** Calls have ids of their own, unique, whatever the provider named them. */
  readonly message: AssistantMessage;
  readonly model: ModelRef;
  readonly stop: Stop;
  readonly usage: Usage;
  /** Millionths of a dollar; null where the price is unknown. */
  readonly cost: number | null;
  readonly attempts: number;
  /** The `model.requested` that this answers: the parent of the `model.called` that says so. Null: nobody was asked. */
  readonly request: Id<'event'> | null;
}

export interface ModelFacts {
  readonly ref: ModelRef;
  readonly contextTokens: number;
  readonly outputTokens: number;
  readonly images: boolean;
}

/**
 * The one way to a model: budget first, then pacing, retries, the fallback chain; usage is settled when it ends.
 * `model.requested`, `model.failed` and `model.fell_back` are put on the record here. `model.called` is not: it
 * belongs to whoever keeps the answer, and names `ModelAnswer.request` as its parent.
 */
export interface Models {
  call(call: ModelCall, signal: AbortSignal): AsyncGenerator<ModelPiece, void>;
  /** What is known of a model; sensible defaults for one that nobody lists. */
  facts(ref: ModelRef): ModelFacts;
  /** The model for agents that name none; a `Problem` that tells how to configure one where there is none. */
  defaultModel(): Promise<ModelRef>;
}
