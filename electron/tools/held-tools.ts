import type { Agent } from '../../shared/agent.ts';
import { namesTool } from '../../shared/capability/tool-pattern.ts';

/** Whether an agent’s file gives it a tool at all; the tokens decide about each call. */
export function declares({ capabilities }: Pick<Agent, 'capabilities'>, tool: string): boolean {
  return capabilities.some((text) => text.startsWith('tool: ') && namesTool(text.slice(6), tool));
}
