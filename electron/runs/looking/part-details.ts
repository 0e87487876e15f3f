import { deedOf } from '../../../shared/capability/words.ts';
import type { Params } from '../../../shared/plan.ts';
import type { PlanRoom } from '../carrying/plan-room.ts';
import type { RunRow } from '../run-row.ts';
import type { RunLook } from './run-look.ts';

const nothing = { params: {}, message: '', rights: [], dropped: [] };

/** What one part is given: computed again from the plan and the roles of the record. */
export async function detailsOf(
  planning: PlanRoom,
  look: RunLook,
  row: RunRow,
  name: string,
): Promise<{ params: Params; message: string; rights: string[]; dropped: string[] }> {
  const produced = row.plan === null ? null : await look.produced(row.plan);
  if (!produced) return nothing;
  const { plan, roles } = produced;
  const { parts } = planning.check(plan, roles, row.ceiling, { runFolder: row.folder });
  const part = parts.find((each) => each.name === name);
  if (!part) return nothing;
  const { params, message, rights, dropped } = part;
  return { params, message, rights: rights.map(deedOf), dropped: [...dropped] };
}
