import type { WantedWork } from '../../bridge/objectives.ts';

/** A name from what it begins, that nobody has yet. */
export function nameFor(work: WantedWork, taken: ReadonlySet<string>): string {
  const said = saidOf(work)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .split('-')
    .slice(0, 4)
    .join('-')
    .slice(0, 40)
    .replace(/-+$/, '');
  const name = said === '' ? 'objective' : said;
  if (!taken.has(name)) return name;
  for (let next = 2; ; next++) if (!taken.has(`${name}-${next}`)) return `${name}-${next}`;
}

function saidOf(work: WantedWork): string {
  if (work.kind === 'agent') return work.wish.agent;
  const { invocation, title } = work.wish;
  if (invocation.kind === 'recipe') return invocation.recipe;
  if (invocation.kind === 'agent') return invocation.agent;
  return invocation.kind === 'goal' ? invocation.goal : (title ?? '');
}
