import type { Agent } from '../../../shared/agent.ts';
import { escalationSignals, type Role } from '../../../shared/role.ts';

/** An agent as a role with one parameter: its task. Its rights are its own, where the ceiling holds them. */
export function roleOfAgent(agent: Agent): Role {
  const { network } = agent;
  // All of its folders are all that the run was given; a place within each of them is one within the first.
  const own = agent.capabilities.map((text) =>
    text.replace(/: \$folder\/\*$/, ': *').replaceAll('$folder', '{workspace}'),
  );
  return {
    name: agent.name,
    description: agent.description,
    models: agent.models.slice(0, 1),
    parameters: { task: { type: 'text', required: true, description: 'What it is to do' } },
    capabilities: [...own, ...(network.length > 0 ? [`network: ${network.join(', ')}`] : [])],
    systemPrompt: agent.systemPrompt,
    messageTemplate: '{task}',
    budget: { inputTokens: null, outputTokens: null, micros: null },
    retry: { attempts: 1, on: ['any'] },
    priority: 128,
    escalateOn: [...escalationSignals],
    scaffold: null,
    iterations: agent.limits.iterations,
    nudges: agent.limits.nudges,
    requireDeclaredOutput: false,
    agent: agent.name,
    base: agent,
    outputs: [],
    command: [],
    sandbox: { kind: null, image: agent.sandbox.image, limits: agent.sandbox.limits },
  };
}
