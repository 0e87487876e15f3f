import type { ObjectiveWork } from './objective.ts';

/** What an objective begins, on one line. */
export function wordsOf(work: ObjectiveWork): string {
  return inWords(work).replaceAll(/\s+/g, ' ').slice(0, 300);
}

function inWords(work: ObjectiveWork): string {
  if (work.kind === 'agent') {
    const { agent, repository, input } = work.wish;
    const on = repository === null ? '' : ` on ${repository}`;
    if (input === null) return `${agent}${on}`;
    const what =
      input.kind === 'request'
        ? input.text
        : input.kind === 'artifact'
          ? `${input.type} ${input.id}`
          : input.id;
    return `${agent}${on}: ${what}`;
  }
  const { invocation, title } = work.wish;
  if (title !== null) return title;
  if (invocation.kind === 'goal') return invocation.goal;
  if (invocation.kind === 'recipe') return `the recipe ${invocation.recipe}`;
  if (invocation.kind === 'agent') return `${invocation.agent}: ${invocation.text}`;
  return `a plan of ${invocation.plan.subtasks.length} parts`;
}
