import type { Agent } from '../../../shared/agent.ts';
import { type ApprovalLevel, approvalLevels } from '../../../shared/approval.ts';
import { Problem } from '../../../shared/problem.ts';
import type { SandboxLimits } from '../../../shared/session.ts';
import type { ChildWish } from '../../tools/hands.ts';

export interface KnownAgents {
  get(name: string): Promise<Agent>;
  fromValue(declaration: unknown): Promise<Agent>;
}

/**
 * The agent that a call asks for. One that is described in the call keeps nothing, and has a name of its own: under
 * the name of a declared one it would be taken for that, by rules and by what that one keeps.
 */
export async function wantedAgent(agents: KnownAgents, wanted: ChildWish['agent']): Promise<Agent> {
  if (typeof wanted === 'string') return agents.get(wanted);
  const described = await agents.fromValue(wanted);
  const isDeclared = await agents.get(described.name).then(
    () => true,
    (thrown: unknown) => Problem.of(thrown).code !== 'not_found',
  );
  if (isDeclared) {
    throw new Problem(
      'conflict',
      `There is an agent “${described.name}” already, and this is another one.`,
      'Give the one that you describe a name of its own, or start that one by its name.',
    );
  }
  return {
    ...described,
    memory: { ...described.memory, episodic: false },
    notes: { ...described.notes, mostCount: 0, section: 'off' },
  };
}

/** What asks for its parent asks for it, and nothing that holds its parent in is wider for it. */
export function narrowedAgent(child: Agent, parent: Agent): Agent {
  return {
    ...child,
    ask: union(child.ask, parent.ask),
    approvalRequired: union(child.approvalRequired, parent.approvalRequired),
    sandbox: {
      ...parent.sandbox,
      loopback: child.sandbox.loopback && parent.sandbox.loopback,
      unixSockets: child.sandbox.unixSockets && parent.sandbox.unixSockets,
      limits: narrowedLimits(child.sandbox.limits, parent.sandbox.limits),
    },
    limits: {
      ...child.limits,
      children: Math.min(child.limits.children, parent.limits.children),
      depth: Math.min(child.limits.depth, parent.limits.depth),
    },
  };
}

/** The level that asks for more. */
export function stricterLevel(one: ApprovalLevel, other: ApprovalLevel): ApprovalLevel {
  return approvalLevels.indexOf(one) < approvalLevels.indexOf(other) ? one : other;
}

function narrowedLimits(child: SandboxLimits, parent: SandboxLimits): SandboxLimits {
  return {
    memoryBytes: lower(child.memoryBytes, parent.memoryBytes),
    diskBytes: lower(child.diskBytes, parent.diskBytes),
    processes: Math.min(child.processes, parent.processes),
    cpus: lower(child.cpus, parent.cpus),
    scratchBytes: Math.min(child.scratchBytes, parent.scratchBytes),
    seconds: lower(child.seconds, parent.seconds),
    supervised: parent.supervised,
  };
}

/** Null is no limit. */
function lower(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

const union = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])];
