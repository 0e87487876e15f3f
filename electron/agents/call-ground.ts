import type { Id } from '../../shared/ids.ts';
import type { PlannedCall } from '../approvals/asking.ts';
import type { Hands } from '../tools/hands.ts';
import type { Tool } from '../tools/tool.ts';
import type { Surface } from './journal.ts';

/** What a session gives its calls to work with. */
export interface CallGround {
  readonly tool: (name: string) => Tool | undefined;
  readonly toolNames: () => readonly string[];
  /** Charges the token `tool: name`; a denial is on the record before it is thrown. */
  readonly authorize: (tool: string) => Promise<void>;
  /** Why a call may not be made, where skills that were read say so; null: it may. */
  readonly refusal: (
    tool: Tool,
    input: Readonly<Record<string, unknown>>,
    skills: ReadonlySet<string>,
  ) => Promise<string | null>;
  readonly surfaceOf: (tool: Tool) => Surface;
  readonly planned: (
    call: Id<'call'>,
    tool: Tool,
    input: Readonly<Record<string, unknown>>,
  ) => Promise<PlannedCall>;
  readonly unattended: () => 'wait' | 'deny';
  readonly hands: (call: Id<'call'>, tool: Tool, signal: AbortSignal) => Hands;
  /** Hears that a call which had begun is over without having been carried out to its end. */
  readonly dropped: (call: Id<'call'>, reason: string) => Promise<void>;
  /** Hears that a call waits for the person, by which question; null: it waits no more. */
  readonly waits: (call: Id<'call'>, approval: Id<'approval'> | null) => void;
}
