import type { Agent } from '../../shared/agent.ts';

/** Whether an agent’s file gives it a tool at all; the tokens decide about each call. */
export function declares({ capabilities }: Pick<Agent, 'capabilities'>, tool: string): boolean {
  return capabilities.includes(`tool: ${tool}`) || capabilities.includes('tool: *');
}
