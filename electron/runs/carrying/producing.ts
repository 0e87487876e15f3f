import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import { newId } from '../../base/ids.ts';
import type { CheckedPart, CheckedPlan } from '../../planning/checked-plan.ts';
import { jsonBlob } from '../looking/blobs.ts';
import { listedBlobs } from '../looking/listed-parts.ts';
import type { PartRow, RunRow } from '../run-row.ts';
import { answerBlob } from './execution.ts';
import { keptOf } from './kept.ts';
import type { ListedPart, PlannedPart } from './planned-part.ts';
import type { RunNeeds } from './run-needs.ts';

export interface Agreed {
  readonly plan: Plan;
  readonly roles: ReadonlyMap<string, Role>;
  readonly checked: CheckedPlan;
}

/** A part whose result stays, of the plan before or of the run that was forked. */
interface Result {
  readonly listed: ListedPart;
  readonly row: PartRow;
}

const system = { kind: 'system' } as const;

/** What the record is told of a plan that is to be carried out: one transaction, with the results that stay. */
export async function producedDrafts(
  needs: RunNeeds,
  row: RunRow,
  { plan, roles, checked }: Agreed,
  signal: AbortSignal,
): Promise<{ drafts: Draft[]; parts: PlannedPart[] }> {
  const forked = row.forkOf !== null && row.rounds === 0;
  const before = await resultsBefore(needs, row);
  const anew = new Set(forked ? row.forkOf.from : []);
  const may = (part: CheckedPart) => {
    const result = before.get(part.name);
    return result?.row.state === 'done' && !anew.has(part.name) && result.listed.inputs === part.inputsHash;
  };
  const { kept, ...carried } = await carriedOn(needs, row, keptOf(checked.parts, may), checked.parts, signal);
  const now = needs.clock.now();
  const parts = checked.parts.map((part) => {
    const earlier = !forked && kept.has(part.name) ? before.get(part.name)! : null;
    return { part, listed: earlier?.listed ?? listedOf(part, newId('subtask', now), row.rounds) };
  });
  const used = Object.fromEntries(checked.parts.map(({ role }) => [role.name, roles.get(role.name) ?? role]));
  const [first, ...rest] = listedBlobs(parts.map(({ listed }) => listed));
  const names = [...kept];
  const produced: Draft = {
    kind: 'plan.produced',
    actor: system,
    scope: { run: row.id },
    data: {
      subtasks: parts.length,
      replans: row.rounds,
      ...(names.length > 0 ? { kept: names } : {}),
      ...carried,
    },
    blobs: [
      jsonBlob('plan.json', plan),
      first ?? jsonBlob('parts.json', []),
      jsonBlob('roles.json', used),
      ...rest,
    ],
  };
  if (!forked) return { drafts: [produced], parts };
  const copied: Draft[] = [];
  for (const { part, listed } of parts) {
    if (kept.has(part.name))
      copied.push(await keptDraft(needs, row, part, listed.id, before.get(part.name)!));
  }
  return { drafts: [produced, ...copied], parts };
}

/**
 * Whoever keeps a result keeps what it wrote in folders under review. Where that is not decided yet the run works on a
 * copy of it; where it was thrown away, what wrote it and all that follows from that are done again.
 */
async function carriedOn(
  { look, reviews }: RunNeeds,
  row: RunRow,
  kept: ReadonlySet<string>,
  parts: readonly CheckedPart[],
  signal: AbortSignal,
): Promise<{ kept: ReadonlySet<string>; carried?: RunRow['id']; lost?: string[] }> {
  if (row.forkOf === null || row.rounds > 0) return { kept };
  const writes = ({ name, folders }: CheckedPart) =>
    kept.has(name) && folders.some(({ mode }) => mode === 'review');
  const writers = parts.filter(writes).map(({ name }) => name);
  if (writers.length === 0) return { kept };
  const from = row.forkOf.run;
  switch (await reviews.carryOn(() => look.row(from), row.id, signal)) {
    case 'there':
      return { kept };
    case 'copied':
      return { kept, carried: from };
    case 'lost': {
      const still = keptOf(parts, (part) => kept.has(part.name) && !writes(part));
      return { kept: still, lost: writers.slice(0, 1000) };
    }
  }
}

async function keptDraft(
  { look, files }: RunNeeds,
  row: RunRow,
  part: CheckedPart,
  subtask: Id<'subtask'>,
  { row: earlier }: Result,
): Promise<Draft> {
  const from = look.row(row.forkOf!.run);
  const outputs = await files.keep(earlier.outputs, from.folder, row.folder);
  const answer = await look.answer(earlier);
  return {
    kind: 'subtask.finished',
    actor: system,
    scope: { run: row.id, subtask },
    data: {
      name: part.name,
      ok: true,
      outcome: { label: 'success', reason: null },
      outputs,
      kept: part.role.name,
    },
    ...(answer === null ? {} : { blobs: [answerBlob(answer)] }),
  };
}

function listedOf(part: CheckedPart, id: Id<'subtask'>, round: number): ListedPart {
  const { name, title, role, dependsOn, inputsHash } = part;
  return { id, name, title, role: role.name, dependsOn, round, inputs: inputsHash };
}

/** What is known of the parts of the plan before. */
async function resultsBefore({ look }: RunNeeds, row: RunRow): Promise<ReadonlyMap<string, Result>> {
  const source = row.rounds > 0 ? row : row.forkOf ? look.row(row.forkOf.run) : null;
  const seq = source?.plan ?? null;
  const produced = seq === null ? null : await look.produced(seq);
  if (!source || !produced) return new Map();
  const rows = look.partRows(source.id);
  return new Map(
    produced.listed.flatMap((listed) => {
      const part = rows.get(listed.id);
      return part ? [[listed.name, { listed, row: part }] as const] : [];
    }),
  );
}
