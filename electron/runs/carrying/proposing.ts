import type { Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling, RunOutcome, RunWish } from '../../../shared/run.ts';
import type { SubtaskEnd } from '../../sessions/subtask-sessions.ts';
import { attached } from '../looking/blobs.ts';
import type { RunRow } from '../run-row.ts';
import { thinkingOrder } from './part-order.ts';
import type { PlanRoom, Previous } from './plan-room.ts';
import type { RunNeeds } from './run-needs.ts';
import type { Thinking } from './thinking.ts';

export interface Proposal {
  readonly plan: Plan;
  readonly roles: ReadonlyMap<string, Role>;
  /** Whether it was put before the person already, by an earlier life. */
  readonly asked: boolean;
  /** Whether the person agreed to it already. */
  readonly agreed: boolean;
}

export interface ProposingNeeds extends RunNeeds {
  readonly signal: AbortSignal;
  readonly thinking: Thinking;
  readonly says: (detail: string | null) => void;
}

type Proposed = Proposal | { readonly outcome: RunOutcome };

/** How often a planner is given its mistakes. */
const mostMistakes = 3;

/** What is to be carried out: given, filled in, or asked of a model. */
export async function proposalOf(
  needs: ProposingNeeds,
  row: RunRow,
  wish: RunWish,
  ceiling: Ceiling,
): Promise<Proposed> {
  const planning = await needs.planning();
  const roles = await planning.roles.usable();
  const fresh = { roles, asked: false, agreed: false };
  const earlier = await askedPlan(needs, row);
  if (earlier) return { ...fresh, ...earlier };
  if (row.forkOf && row.rounds === 0) {
    const forked = await forkedPlan(needs, row);
    if (forked) return { ...forked, asked: false, agreed: true };
  }
  const { invocation } = wish;
  if (invocation.kind === 'plan') return { ...fresh, plan: invocation.plan };
  if (invocation.kind === 'agent') {
    const { plan, role } = await planning.agentPlan(invocation.agent, invocation.text);
    return { ...fresh, plan, roles: new Map([...roles, [role.name, role]]) };
  }
  if (invocation.kind === 'recipe') {
    const { plan, problems } = await planning.fill(invocation.recipe, invocation.params);
    if (plan) return { ...fresh, plan };
    const reason = problems.map(({ message }) => message).join('\n');
    return { outcome: { label: 'generic_failure', reason } };
  }
  const mode = await modeOf(needs, row, ceiling, invocation);
  if (mode === null) return { outcome: { label: 'cancelled', reason: 'It was stopped.' } };
  if (mode === 'direct') return { ...fresh, plan: planning.directPlan(invocation.goal) };
  const planned = await askPlanner(needs, row, ceiling, { goal: invocation.goal, roles, planning });
  return 'outcome' in planned ? planned : { ...fresh, plan: planned.plan };
}

/** A plan that an earlier life put before the person. */
async function askedPlan(
  { record }: RunNeeds,
  row: RunRow,
): Promise<{ plan: Plan; asked: true; agreed: boolean } | null> {
  if (row.asked === null) return null;
  const changed = row.answered === null ? null : await attached(record, row.answered);
  const text = changed ?? (await attached(record, row.asked));
  return text === null
    ? null
    : { plan: JSON.parse(text) as Plan, asked: true, agreed: row.answered !== null };
}

/** The plan of the run that it was forked from, with other parameters where they were given. */
async function forkedPlan(
  { look, record }: RunNeeds,
  row: RunRow,
): Promise<{ plan: Plan; roles: ReadonlyMap<string, Role> } | null> {
  const { plan: seq } = look.row(row.forkOf!.run);
  const produced = seq === null ? null : await look.produced(seq);
  if (!produced) return null;
  const given = await attached(record, row.requested, 1);
  const params = (given === null ? {} : JSON.parse(given)) as Record<
    string,
    Plan['subtasks'][number]['params']
  >;
  const subtasks = produced.plan.subtasks.map((subtask) => {
    const other = params[subtask.id];
    return other ? { ...subtask, params: { ...subtask.params, ...other } } : subtask;
  });
  return { plan: { ...produced.plan, subtasks }, roles: produced.roles };
}

async function modeOf(
  needs: ProposingNeeds,
  row: RunRow,
  ceiling: Ceiling,
  { goal, mode }: { goal: string; mode: 'auto' | 'plan' | 'direct' },
): Promise<'decompose' | 'direct' | null> {
  const said = needs.look.row(row.id).mode;
  if (said) return said;
  let chosen: 'decompose' | 'direct' = mode === 'direct' ? 'direct' : 'decompose';
  if (mode === 'auto') {
    const planning = await needs.planning();
    needs.says('It chooses how to work.');
    const step = { name: 'classifier', code: 'c0', ...(await planning.classifierOrder(goal)) };
    const end = await carry(needs, row, ceiling, step);
    // Whatever goes wrong with the choice must not keep the work from being done.
    chosen = end?.outcome.label === 'success' ? planning.readMode(end.answer) : 'direct';
  }
  needs.signal.throwIfAborted();
  await needs.record.appendAll([
    {
      kind: 'orchestration.selected',
      actor: { kind: 'system' },
      scope: { run: row.id },
      data: { mode: chosen, source: mode === 'auto' ? 'auto' : 'explicit' },
    },
  ]);
  return chosen;
}

async function askPlanner(
  needs: ProposingNeeds,
  row: RunRow,
  ceiling: Ceiling,
  { goal, roles, planning }: { goal: string; roles: ReadonlyMap<string, Role>; planning: PlanRoom },
): Promise<{ plan: Plan } | { outcome: RunOutcome }> {
  needs.says(row.rounds === 0 ? 'It is planned.' : 'It is planned again.');
  const previous = row.rounds === 0 ? null : await previousOf(needs, row);
  const { agent, message } = await planning.plannerOrder(goal, ceiling, roles, previous);
  const step = { name: 'planner', code: `p${row.rounds}`, agent, message };
  const order = thinkingOrder(row, ceiling, step);
  let end = await carry(needs, row, ceiling, step);
  for (let mistakes = 0; ; mistakes++) {
    needs.signal.throwIfAborted();
    if (end.outcome.label !== 'success') return { outcome: plannerFailed(end) };
    const read = planning.readPlan(end.answer);
    const problems = read.plan
      ? planning.check(read.plan, roles, ceiling, { runFolder: row.folder }).problems
      : read.problems;
    if (read.plan && problems.length === 0) return { plan: read.plan };
    if (mistakes >= mostMistakes) {
      const reason = `The model gave no plan that can be carried out: ${problems.slice(0, 5).join(' ')}`;
      return { outcome: { label: 'work_failed', reason: reason.slice(0, 4000) } };
    }
    const told = problems.slice(0, 100).map((problem) => problem.slice(0, 1000));
    await needs.record.appendAll([
      { kind: 'plan.refused', actor: { kind: 'system' }, scope: { run: row.id }, data: { problems: told } },
    ]);
    const sessions = await needs.sessions();
    await needs.thinking.turn(needs.signal);
    end = await sessions.say(order, mistakesIn(told), needs.thinking.hears, needs.signal);
  }
}

function mistakesIn(problems: readonly string[]): string {
  const list = problems.map((problem) => `- ${problem}`).join('\n');
  return `That plan cannot be carried out:\n${list}\nAnswer with the whole plan again, every one of these mended.`;
}

function plannerFailed({ outcome }: SubtaskEnd): RunOutcome {
  const { label, reason } = outcome;
  return { label, reason: `It could not be planned: ${reason ?? 'the planner said no reason.'}` };
}

async function carry(
  needs: ProposingNeeds,
  row: RunRow,
  ceiling: Ceiling,
  step: Parameters<typeof thinkingOrder>[2],
): Promise<SubtaskEnd> {
  const sessions = await needs.sessions();
  await needs.thinking.turn(needs.signal);
  return sessions.carry(thinkingOrder(row, ceiling, step), needs.thinking.hears, needs.signal);
}

const mostAnswers = 50;

/** What became of the plan before. */
async function previousOf({ look }: RunNeeds, row: RunRow): Promise<Previous | null> {
  const produced = row.plan === null ? null : await look.produced(row.plan);
  if (!produced) return null;
  const rows = look.partRows(row.id);
  const done: Previous['done'][number][] = [];
  const failed: Previous['failed'][number][] = [];
  for (const { id, name } of produced.listed) {
    const part = rows.get(id);
    if (part?.state === 'done') {
      const answer = done.length < mostAnswers ? await look.answer(part) : null;
      done.push({ name, outputs: part.outputs.map(({ path }) => path), answer: answer ?? '' });
    } else if (part?.state === 'failed') {
      failed.push({ name, reason: part.outcome?.reason ?? 'It said no reason.' });
    }
  }
  const reason =
    failed.map(({ name }) => `${name} failed`).join(', ') || 'The final output was not there in the end';
  return { plan: produced.plan, done, failed, reason: `${reason}.` };
}
