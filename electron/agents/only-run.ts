import type { Agent } from '../../shared/agent.ts';
import { Problem } from '../../shared/problem.ts';

/** A command agent answers nobody: what would ask a model for it is refused before anything begins. */
export function refuseCommandAgent({ name, command }: Pick<Agent, 'name' | 'command'>): void {
  if (!command) return;
  throw new Problem(
    'invalid_input',
    `“${name}” is a command: it can be started, and not be asked.`,
    `Start it with \`holdfast run ${name}\`.`,
  );
}
