import type { Id } from '../../shared/ids.ts';
import type { ApprovalLevel } from '../../shared/approval.ts';
import type { Intent, Tool } from '../tools/tool.ts';

/** A tool call that is about to happen, as rules and people see it. */
export interface PlannedCall {
  readonly call: Id<'call'>;
  readonly session: Id<'session'>;
  readonly agent: string;
  readonly tool: Pick<Tool, 'name' | 'title' | 'surface' | 'action'>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly intents: readonly Intent[];
  /** What of the input is not so by itself; without it: all of it. */
  readonly told?: Readonly<Record<string, unknown>>;
  /** The call in one line, as its card says it. */
  readonly preview?: string;
  readonly folder: string | null;
  /** Which of the agent's boundaries it would cross, in words; empty: none. */
  readonly crossings: readonly Crossing[];
  readonly level: ApprovalLevel;
  /** What the sandbox is, as a hash: where that differs when an answer is to be used, it asks again. */
  readonly plan: string;
  /** SHA-256 of the file that would be executed, where it can be told. */
  readonly executed: string | null;
  /** What a write or an edit would change, where it can be told before. */
  readonly difference?: { readonly path: string; readonly text: string } | null;
  /** The same facts as of now, looked at when an answer is to be used; without it they count as unchanged. */
  readonly now?: () => Promise<Pick<PlannedCall, 'folder' | 'plan' | 'executed'>>;
  /** The same call with other arguments, checked against the tool's schema; without it nothing can be edited. */
  readonly edited?: (input: Readonly<Record<string, unknown>>) => Promise<PlannedCall>;
}

export interface Crossing {
  readonly kind: 'action' | 'declared' | 'write' | 'command' | 'host' | 'spawn' | 'wider';
  /** Ends “it is asked because it …”. */
  readonly words: string;
  /** It can be taken back or thrown away, or was listed: the level `never` does not ask about it. */
  readonly disposable?: boolean;
}

export type Verdict =
  | {
      readonly may: true;
      /** The person may have changed it; it is checked again against the tool's schema. */
      readonly input: Readonly<Record<string, unknown>>;
      readonly by: VerdictBy;
    }
  /** The reason goes to the model. */
  | { readonly may: false; readonly reason: string; readonly by: VerdictBy };

export interface VerdictBy {
  readonly who: 'person' | 'rule' | 'level' | 'expiry' | 'unattended';
  readonly rule: Id<'rule'> | null;
  readonly approval: Id<'approval'> | null;
  /** Why so, for people. */
  readonly words: string;
}

/** Somebody who hears when a question is really put to the person, each time. */
export interface Put {
  readonly put?: (approval: Id<'approval'>) => void;
}

export interface HowToDecide extends Put {
  readonly unattended: 'wait' | 'deny';
}

/** The one place that says whether a call may happen. */
export interface Approvals {
  /**
   * Decides at once by rules and level, or asks and waits. The same call asked again (after a restart) finds its
   * pending question by its id. `edited` calls are judged again before they are allowed.
   */
  decide(call: PlannedCall, how: HowToDecide, signal: AbortSignal): Promise<Verdict>;
  /** A question of an agent to the person, with choices. */
  question(
    asked: {
      call: Id<'call'>;
      session: Id<'session'>;
      agent: string;
      text: string;
      choices: readonly string[];
      free: boolean;
    } & Put,
    signal: AbortSignal,
  ): Promise<string>;
  /** Nothing of this session, or of this call, waits any more: it has ended. An abort alone leaves the question. */
  withdraw(of: Id<'session'> | Id<'call'>, reason: string): Promise<void>;
}
