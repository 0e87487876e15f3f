import type { Agent } from '../../shared/agent.ts';
import type { Capability } from '../../shared/capability.ts';
import type { Params, Plan } from '../../shared/plan.ts';
import type { Role } from '../../shared/role.ts';
import type { FolderWish } from '../../shared/session.ts';

/** One part of a plan, ready to be begun: every value put in, every right narrowed. */
export interface CheckedPart {
  readonly name: string;
  readonly title: string;
  readonly role: Role;
  readonly dependsOn: readonly string[];
  readonly params: Params;
  readonly message: string;
  /** One for each tier of its role’s models. Their rights are those below, and no more. */
  readonly agents: readonly Agent[];
  readonly rights: readonly Capability[];
  /** Of the ceiling’s folders those that its rights reach, read-only where none of them writes there. */
  readonly folders: readonly FolderWish[];
  /** The hosts that its rights reach. */
  readonly hosts: readonly string[];
  readonly dropped: readonly string[];
  /** Files that it is to leave, whole paths; what others name `{input.…}` is the first of them. */
  readonly outputs: readonly string[];
  /** Files and folders that it may change, but for the run’s own folder as a whole. Two clash where one holds the other. */
  readonly writes: readonly string[];
  readonly ttl: Plan['subtasks'][number]['ttl'];
  readonly tier: number;
  readonly priority: number;
  readonly sharesFolders: boolean;
  readonly budget: { readonly tokens: number | null; readonly micros: number | null } | null;
  /** Of all that its result follows from; the same in every run, wherever its folder lies. */
  readonly inputsHash: string;
}

export interface Ground {
  readonly runFolder: string;
}

export interface CheckedPlan {
  /** All of them; where there are any, there are no parts. */
  readonly problems: readonly string[];
  /** What it asks for beyond the ceiling, in words. */
  readonly beyond: readonly string[];
  /** The same as what a ceiling would have to hold. */
  readonly wants: { readonly folders: readonly FolderWish[]; readonly hosts: readonly string[] };
  readonly parts: readonly CheckedPart[];
  readonly finalOutput: string | null;
}
