import { deedOf } from '../../../shared/capability/words.ts';
import type { PlanPreview } from '../../../shared/contract/runs.ts';
import type { Ceiling, RunWish } from '../../../shared/run.ts';
import type { PlanRoom } from './plan-room.ts';

/** What a run would be allowed, before it is started; a model's plan is known only later. */
export async function previewOf(planning: PlanRoom, wish: RunWish, runFolder: string): Promise<PlanPreview> {
  const { invocation, ceiling } = wish;
  const rights = ceilingWords(ceiling);
  const none = { plan: null, parts: [], rights, beyond: [] };
  if (invocation.kind === 'goal') return { ...none, problems: [], needsModel: true };
  const roles = new Map(await planning.roles.usable());
  let plan = invocation.kind === 'plan' ? invocation.plan : null;
  if (invocation.kind === 'agent') {
    const made = await planning.agentPlan(invocation.agent, invocation.text);
    ({ plan } = made);
    roles.set(made.role.name, made.role);
  }
  if (invocation.kind === 'recipe') {
    const filled = await planning.fill(invocation.recipe, invocation.params);
    ({ plan } = filled);
    if (!plan) {
      return { ...none, problems: filled.problems.map(({ message }) => message), needsModel: false };
    }
  }
  const checked = planning.check(plan!, roles, ceiling, { runFolder });
  const parts = checked.parts.slice(0, 1000).map(({ name, role, rights: own, dropped }) => ({
    name,
    role: role.name,
    rights: own.map(deedOf),
    dropped: [...dropped],
  }));
  return {
    problems: [...checked.problems],
    plan: checked.problems.length > 0 ? null : plan,
    parts,
    rights,
    needsModel: checked.parts.some(({ role }) => role.scaffold === null),
    beyond: [...checked.beyond],
  };
}

const modes = { ro: 'read', rw: 'read and change', review: 'change, for you to apply afterwards,' };

/** The ceiling in words. */
function ceilingWords({ folders, hosts, sandbox, image }: Ceiling): string[] {
  return [
    ...folders.map(({ path, mode }) => `${modes[mode]} what is in ${path}`),
    ...(hosts.length > 0 ? [`connect to ${hosts.join(', ')}`] : []),
    sandbox === 'container'
      ? `work in containers${image === null ? '' : ` of ${image}`}`
      : 'work in sandboxes of this system’s programs',
    'read and change its own folder',
  ];
}
