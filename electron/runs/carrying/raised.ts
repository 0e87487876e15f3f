import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import type { RunRow } from '../run-row.ts';
import { escalated } from './part-failure.ts';
import type { RunNeeds } from './run-needs.ts';

/** A plan made again, whose parts that failed before begin one step up the ladder of their role's models. */
export async function raised(
  { look }: RunNeeds,
  row: RunRow,
  plan: Plan,
  roles: ReadonlyMap<string, Role>,
): Promise<{ plan: Plan; drafts: Draft[] }> {
  const before = row.rounds === 0 || row.plan === null ? null : await look.produced(row.plan);
  if (!before) return { plan, drafts: [] };
  const rows = look.partRows(row.id);
  const listed = new Map(before.listed.map((part) => [part.name, part]));
  const drafts: Draft[] = [];
  const subtasks = plan.subtasks.map((subtask) => {
    const earlier = listed.get(subtask.id);
    const part = earlier && rows.get(earlier.id);
    const role = roles.get(subtask.role);
    if (!part || part.state !== 'failed' || !role || earlier.role !== role.name) return subtask;
    const step = escalated(role, part.tier, [...part.signals, 'replan_retry']);
    const tier = step?.tier ?? part.tier;
    if (step) {
      drafts.push({
        kind: 'subtask.model_escalated',
        actor: { kind: 'system' },
        scope: { run: row.id, subtask: earlier.id },
        data: { name: subtask.id, ...step.said },
      });
    }
    return { ...subtask, current_model_tier: Math.max(tier, subtask.current_model_tier) };
  });
  return { plan: { ...plan, subtasks }, drafts };
}
