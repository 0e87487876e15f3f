/** Places of a sandbox that nobody may mount over, below or above. */
const kept = ['/holdfast', '/agentd/methodology', '/agentd/invocation-input', '/run/secrets'];
const keptOfHome = ['repo', '.agentd'];
const ofTheSystem = ['/proc', '/sys', '/dev'];

export function homeOf(agent: string): string {
  return `/home/${agent}`;
}

/** What keeps a path from being a place to mount at; null where nothing does. */
export function mountTargetProblem(target: string, agent: string): string | null {
  if (!target.startsWith('/')) return 'is not written whole, from “/” on.';
  if (target !== '/' && target.endsWith('/')) return 'ends with a slash.';
  if (target.includes('//')) return 'holds two slashes in a row.';
  if (target.split('/').some((step) => step === '.' || step === '..')) return 'holds “.” or “..”.';
  if (target.includes(',')) return 'holds a comma.';
  if (/[*?[\]\\]/.test(target)) return 'holds one of * ? [ ] \\.';
  if (/\p{Cc}/u.test(target)) return 'holds a control character.';
  const home = homeOf(agent);
  if (target === '/' || covers(target, home)) return `would cover ${home}, the home of the agent.`;
  const reserved = [...kept, ...ofTheSystem, ...keptOfHome.map((name) => `${home}/${name}`)];
  const met = reserved.find((place) => overlap(target, place));
  return met === undefined ? null : `meets ${met}, which is kept for Holdfast and the system.`;
}

/** Whether one is the other, or lies in it, step by step: `/a/b` lies in `/a`, `/ab` does not. */
export function overlap(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

function covers(above: string, below: string): boolean {
  return below === above || below.startsWith(`${above}/`);
}

export function mountSourceProblem(source: string): string | null {
  if (/\p{Cc}/u.test(source)) return 'holds a control character.';
  if (source.startsWith('/') || source === '~' || source.startsWith('~/')) return null;
  return 'is not written whole, from “/” or “~/” on.';
}
