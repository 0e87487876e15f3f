import type { AssistantMessage, Message, Stop, Usage } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import type { ModelTool } from '../models.ts';

/** Where a provider listens, and with which key it is asked. */
export interface Endpoint {
  readonly provider: string;
  readonly baseUrl: string;
  readonly key: string | null;
  /** Where the provider wants back what its model thought, and under which name. */
  readonly thinkingBack: 'reasoning_content' | null;
  /** How it is told the most that an answer may hold. */
  readonly outputBound: 'max_tokens' | 'max_completion_tokens';
}

export interface WireRequest {
  /** The model's name as the provider knows it. */
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ModelTool[];
  readonly maxOutputTokens: number;
  readonly temperature?: number | undefined;
}

export interface WireNeeds {
  readonly fetch: typeof globalThis.fetch;
  readonly newCall: () => Id<'call'>;
}

export interface WireAnswer {
  readonly parts: AssistantMessage['parts'];
  readonly stop: Stop;
  /** Null where the provider did not say. */
  readonly usage: Usage | null;
}

/** `open`: the provider has begun to answer, though nothing of it can be shown yet. */
export type WirePiece =
  | { readonly kind: 'open' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  | { readonly kind: 'call'; readonly tool: string }
  /** Something arrived that shows only at the end: arguments, a seal, a sign of life. */
  | { readonly kind: 'more' }
  | { readonly kind: 'end'; readonly answer: WireAnswer };

/** One way of speaking with models. Failures are thrown as `ModelFailure`. */
export type Wire = (
  endpoint: Endpoint,
  request: WireRequest,
  needs: WireNeeds,
  signal: AbortSignal,
) => AsyncGenerator<WirePiece, void>;
