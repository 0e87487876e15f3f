import type { Agent } from '../../../shared/agent.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { CheckedPart } from '../../planning/checked-plan.ts';
import type { SubtaskOrder } from '../../sessions/subtask-sessions.ts';
import type { RunRow } from '../run-row.ts';
import { reviewedFolders } from './reviewed-folders.ts';
import type { ListedPart } from './planned-part.ts';

/** What a session is asked to carry out for one part. */
export function orderOf(
  row: RunRow,
  ceiling: Ceiling,
  { listed, part, tier }: { listed: ListedPart; part: CheckedPart; tier: number },
): SubtaskOrder {
  const agent = part.agents[Math.min(tier, part.agents.length - 1)];
  if (!agent) throw new Problem('internal', `No agent stands for “${part.name}”.`);
  return {
    ...bounds(row, ceiling, agent),
    subtask: listed.id,
    name: part.name,
    message: part.message,
    folders: part.folders,
    hosts: part.hosts,
    budget: part.budget,
    seconds: part.ttl?.max_wall_clock === undefined ? null : Math.max(1, Math.ceil(part.ttl.max_wall_clock)),
  };
}

/** A question to a model that has no rights at all: which way to work, or for a plan. */
export function thinkingOrder(
  row: RunRow,
  ceiling: Ceiling,
  step: { name: string; code: string; agent: Agent; message: string },
): SubtaskOrder {
  return {
    ...bounds(row, ceiling, step.agent),
    subtask: stepId(row.id, step.code),
    name: step.name,
    message: step.message,
    folders: [],
    hosts: [],
    budget: null,
    seconds: null,
  };
}

/** The same in every life, so that a session of it is found again. */
function stepId(run: Id<'run'>, code: string): Id<'subtask'> {
  return `sub_${run.slice('run_'.length, -code.length)}${code}`;
}

function bounds(row: RunRow, ceiling: Ceiling, agent: Agent) {
  return {
    run: row.id,
    agent,
    runFolder: row.folder,
    reviewed: reviewedFolders(ceiling),
    sandbox: ceiling.sandbox,
    image: ceiling.image,
    approvals: ceiling.approvals,
    unattended: ceiling.unattended,
    runBudget: { tokens: ceiling.tokens, micros: ceiling.micros },
    payer: ceiling.payer,
  };
}
