import type { Agent } from '../../../shared/agent.ts';
import type { Capability } from '../../../shared/capability.ts';
import { writeCapability } from '../../../shared/capability/text.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { Scaffold } from '../../../shared/scaffold.ts';
import { plainAgent } from '../../agents/plain-agent.ts';

interface Given {
  readonly rights: readonly Capability[];
  readonly hosts: readonly string[];
  readonly ceiling: Ceiling;
  readonly scaffold: Scaffold | null;
}

/** The agents that a part may be carried out by, one for each tier of its role’s models. */
export function agentsOf(role: Role, given: Given): Agent[] {
  const agent = agentOf(role, given);
  if (role.models.length < 2)
    return [{ ...agent, models: role.models.length > 0 ? role.models : agent.models }];
  return role.models.map((model) => ({ ...agent, models: [model] }));
}

function agentOf(role: Role, { rights, hosts, ceiling, scaffold }: Given): Agent {
  const base = role.base ?? plainAgent(role.name);
  const { outputTokens } = role.budget;
  const { limits } = base;
  return {
    ...base,
    name: role.name,
    description: role.description,
    systemPrompt: role.systemPrompt,
    // Its rights are the narrowed ones alone, whatever the agent that it begins with has.
    capabilities: rights.filter(({ kind }) => kind !== 'network').map(writeCapability),
    network: [...hosts],
    folders: [],
    approvals: ceiling.approvals,
    lifecycle: 'on-demand',
    sandbox: {
      ...base.sandbox,
      kind: ceiling.sandbox,
      image:
        ceiling.sandbox === 'container' ? (ceiling.image ?? role.sandbox.image ?? base.sandbox.image) : null,
      limits: role.sandbox.limits ?? base.sandbox.limits,
    },
    limits: {
      ...limits,
      iterations: role.iterations,
      outputTokens: outputTokens === null ? limits.outputTokens : Math.min(outputTokens, limits.outputTokens),
      nudges: role.nudges,
    },
    outputTool: role.nudges > 0 ? (base.outputTool ?? 'file_write') : base.outputTool,
    ...(scaffold && { scaffold }),
  };
}
