import type { z } from 'zod';
import type { McpTool } from '../../../shared/mcp-tools.ts';
import type { HouseBehind } from '../reaching/house.ts';
import type { OwnRuns } from '../reaching/own-runs.ts';
import type { McpCaller } from '../serving/caller.ts';

/** What a tool asks the person at the client, by the ids of what it asks about. */
export interface Asking {
  readonly asking: Readonly<Record<string, { message: string; requestedSchema: AskedForm }>>;
  /** Comes back with the answers; whoever reads it trusts nothing in it. */
  readonly state: string;
}

export interface AskedForm {
  readonly type: 'object';
  readonly properties: Readonly<
    Record<string, { type: 'string'; title: string; enum?: string[]; maxLength?: number }>
  >;
  readonly required: string[];
}

/** Why a call ends whose client has gone without a word, and may come back for what it began. */
export const connectionBroke = 'the connection broke';

/** One call, as a tool sees it. */
export interface ToolCall {
  readonly house: HouseBehind;
  readonly caller: McpCaller;
  readonly runs: OwnRuns;
  /** Ends the waiting: the client cancelled or left, or Holdfast stops. Made for whoever asks: it costs as much as a small call. */
  readonly signal: () => AbortSignal;
  readonly progress: (message: string, done: number, total: number) => void;
  /** Whether its person can be asked by way of the client, and may answer. */
  readonly canAsk: boolean;
  /** What was answered to what this very call asked before; null: it is made for the first time. */
  readonly answered: {
    readonly state: string;
    readonly answers: Readonly<Record<string, unknown>>;
  } | null;
}

/** Beside the words, something that is no JSON: a bundle. */
export interface Attached {
  readonly uri: string;
  readonly type: string;
  readonly content: Uint8Array;
}

export interface Tool {
  readonly name: McpTool;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly reads: boolean;
  readonly destroys: boolean;
  readonly repeatable: boolean;
  readonly outside: boolean;
  does(input: never, call: ToolCall): Promise<{ output: unknown; attached?: Attached } | Asking>;
}

interface Written<Input extends z.ZodType, Output extends z.ZodType> {
  readonly name: McpTool;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** It changes nothing. */
  readonly reads?: boolean;
  /** It may end or overwrite something. */
  readonly destroys?: boolean;
  /** Called again it changes nothing more. */
  readonly repeatable?: boolean;
  /** What it begins may reach beyond this machine. */
  readonly outside?: boolean;
  readonly does: (
    input: z.output<Input>,
    call: ToolCall,
  ) => Promise<{ output: z.input<Output>; attached?: Attached } | Asking>;
}

/** Fixes the types of one tool. */
export function tool<Input extends z.ZodType, Output extends z.ZodType>(
  written: Written<Input, Output>,
): Tool {
  const { reads = false, destroys = false, outside = false } = written;
  return { ...written, reads, destroys, outside, repeatable: written.repeatable ?? reads };
}
