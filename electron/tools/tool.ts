import type { z } from 'zod';
import type { Agent } from '../../shared/agent.ts';
import type { ContentPart } from '../../shared/conversation.ts';
import type { Hands } from './hands.ts';

/** What an agent can call. Whatever a tool causes goes through its `hands`, each of which asks the tokens. */
export interface Tool<Input extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** For people: what a card and a page call it. */
  readonly title: string;
  /** Written for models: what it does, when to use it, what it returns. */
  readonly description: string;
  readonly input: Input;
  /** What models are told of the input, where that is not what `input` itself says: JSON Schema. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** The right it uses beside `tool: name`, in words for its page; null: none. */
  readonly needs: string | null;
  /** Calling it again with the same input changes nothing more: after a crash it is simply done again. */
  readonly repeatable: boolean;
  /** Calls of one answer that are all parallel-safe run side by side. */
  readonly parallel: boolean;
  /** Where it happens: in the session's sandbox, outside through the broker (network, mail), or nowhere but in Holdfast. */
  readonly surface: 'sandbox' | 'broker' | 'none';
  /** An action always asks unless a rule says otherwise. */
  readonly action: boolean;
  /** Whether it makes sense for an agent that has a token for it; left out: always. */
  readonly offered?: (agent: Agent, ready: Ready) => boolean;
  /** What this call would do, for rules, approvals and boundaries. Pure; paths are made absolute against `folder`. */
  readonly intends: (input: z.output<Input>, folder: string | null) => readonly Intent[];
  /** What it would change in a file, as far as its input tells, as a unified difference. */
  readonly proposes?: (
    input: z.output<Input>,
    folder: string | null,
  ) => { readonly path: string; readonly text: string } | null;
  /** One line for a card: what is called with what. */
  readonly preview: (input: z.output<Input>) => string;
  readonly run: (input: z.output<Input>, hands: Hands, signal: AbortSignal) => Promise<ToolResult>;
}

/** What a person has set up that some tools need. */
export interface Ready {
  /** An engine that searches the web. */
  readonly searches: boolean;
}

/** Fixes the types of one tool. */
export function tool<Input extends z.ZodType>(definition: Tool<Input>): Tool<Input> {
  return definition;
}

/** One effect that a call is about to have, in the words of capabilities, before any path is opened. */
export type Intent =
  | { readonly kind: 'read' | 'write'; readonly path: string }
  /** A program with its arguments, without a shell. */
  | {
      readonly kind: 'exec';
      readonly argv: readonly string[];
      readonly cwd: string | null;
      readonly writes: boolean;
    }
  /** A line for bash: rules look at every part of it. */
  | { readonly kind: 'shell'; readonly line: string; readonly cwd: string | null; readonly writes: boolean }
  /** What is looked for on the web, by the engine that the person set up. */
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'network'; readonly host: string; readonly port: number }
  | { readonly kind: 'spawn'; readonly agent: string }
  | { readonly kind: 'message'; readonly to: string }
  /** Something outside that cannot be taken back: a mail, a request that changes something. */
  | { readonly kind: 'action'; readonly what: string };

export interface ToolResult {
  /** What the model receives: JSON or plain text, and images. */
  readonly content: readonly ContentPart[];
  readonly ok: boolean;
  /** For people, beside the content: a difference of an edit, an exit code. */
  readonly shown?: ToolShown | undefined;
}

export type ToolShown =
  | { readonly kind: 'diff'; readonly path: string; readonly text: string }
  | { readonly kind: 'command'; readonly code: number | null; readonly signal: number | null };
