import type { AssistantMessage, ContentPart, ModelRef, Stop, Usage } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';
import type { ProblemCode } from '../../shared/problem.ts';
import type { ToolShown } from '../tools/tool.ts';

/** Where a message comes from. What is no `inbox` message belongs to the turn that it was written in. */
export type MessageWay = 'inbox' | 'nudge' | 'continue';

export type Surface = 'none' | 'namespace' | 'container' | 'broker';

/** How an answer was had, and what it used. */
export interface AnswerNumbers {
  readonly model: ModelRef;
  readonly stop: Stop;
  readonly usage: Usage;
  readonly cost: number | null;
  readonly attempts: number;
  readonly milliseconds: number;
  /** The `model.requested` that it answers; null where it is read back. */
  readonly request: Id<'event'> | null;
}

/** One thing that happened in a conversation: what a later life rebuilds it from. */
export type JournalEntry =
  | {
      readonly kind: 'message';
      readonly way: MessageWay;
      readonly from: string;
      /** Null where it was erased. */
      readonly parts: readonly ContentPart[] | null;
    }
  /** Takes up these messages of the inbox, by their numbers. */
  | { readonly kind: 'turn_started'; readonly taken: readonly number[]; readonly preview: string }
  | ({ readonly kind: 'answer'; readonly message: AssistantMessage | null } & AnswerNumbers)
  /** An answer that is no part of the conversation: the text of a summary. */
  | ({ readonly kind: 'aside' } & AnswerNumbers)
  /** The intent of a call, durable before its effect. */
  | {
      readonly kind: 'invoked';
      readonly call: Id<'call'>;
      readonly tool: string;
      readonly input: Readonly<Record<string, unknown>> | null;
      readonly preview: string;
      readonly surface: Surface;
      readonly repeatable: boolean;
      readonly decidedBy: string;
      readonly approval: Id<'approval'> | null;
    }
  | {
      readonly kind: 'finished';
      readonly call: Id<'call'>;
      readonly tool: string;
      readonly ok: boolean;
      /** Null where it was erased. */
      readonly content: readonly ContentPart[] | null;
      readonly shown: ToolShown | null;
      readonly surface: Surface;
      readonly milliseconds: number;
      /** Refused: it did not happen. */
      readonly denied: boolean;
      readonly decidedBy: string | null;
      readonly approval: Id<'approval'> | null;
    }
  | { readonly kind: 'doubted'; readonly call: Id<'call'>; readonly tool: string }
  | {
      readonly kind: 'settled';
      readonly call: Id<'call'>;
      readonly tool: string;
      readonly decision: Settlement;
    }
  | {
      readonly kind: 'repeated';
      readonly tool: string;
      readonly inputHash: string;
      readonly attempts: number;
      readonly stopped: boolean;
    }
  /** The first of a life in which a killed one left it open. */
  | { readonly kind: 'resumed'; readonly lost: readonly string[]; readonly unknown: readonly Id<'call'>[] }
  /** The sandbox went while the session went on, with its processes and what was its own. */
  | { readonly kind: 'sandbox_ended'; readonly reason: string }
  /** Everything up to and with number `range[1]` is told by this text from now on. */
  | {
      readonly kind: 'summarized';
      readonly range: readonly [number, number];
      readonly messages: number;
      readonly tokensSaved: number;
      readonly text: string | null;
    }
  | { readonly kind: 'summary_failed'; readonly reason: string; readonly failure: string }
  | {
      readonly kind: 'turn_finished';
      readonly stopReason: string;
      readonly iterations: number;
      /** Of the problem that ended it. */
      readonly code?: ProblemCode | undefined;
    };

export type Settlement = 'redo' | 'skip' | 'fail';

/** An entry with its place on the record. */
export type Written<Entry extends JournalEntry = JournalEntry> = Entry & {
  readonly seq: number;
  readonly time: Date;
};

/** Where a conversation is written down. */
export interface Journal {
  /** All of them or none; resolves when they are durable. */
  write(entries: readonly JournalEntry[]): Promise<readonly Written[]>;
}
