import type { Capability } from '../../shared/capability.ts';
import { writeCommandPattern } from '../../shared/capability/command-pattern.ts';
import { writeHostPattern } from '../../shared/capability/host-pattern.ts';

/** A tool that a skill allows. */
export interface AllowedTool {
  readonly tool: string;
  /** What alone it may be used for, in the words of rights; null: whatever it can do. */
  readonly only: Extract<Capability, { kind: 'exec' | 'network' }> | null;
}

/** Whether a call stays within what one tool is allowed for: null, or the first thing that does not. */
export type OutsideOf = (allowed: readonly AllowedTool[]) => Promise<string | null>;

/** As it is shown, and could be written in `allowed-tools`: `exec(git *)`. */
export function allowedText({ tool, only }: AllowedTool): string {
  if (only === null) return tool;
  if (only.kind === 'exec') return `${tool}(${writeCommandPattern(only.command)})`;
  return `${tool}(${only.hosts.map((host) => `domain:${writeHostPattern(host)}`).join(', ')})`;
}
