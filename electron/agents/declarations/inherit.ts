import type { Declaration } from '../../../shared/agent.ts';

/** In a list: everything the extended agent has there. In a prompt: the extended agent's whole prompt. */
export const inherited = '...';
const inheritedPrompt = /^\.\.\.$/m;

const maps = [
  'sandbox',
  'memory',
  'notes',
  'budget_config',
  'limits',
  'command',
  'schedule',
  'metadata',
] as const;
const lists = ['tools', 'capabilities', 'ask', 'approval_required', 'network', 'fallback'] as const;

/**
 * One declaration on top of the one it extends: a field that is said replaces the other's, maps are joined
 * field by field, and `...` in a list stands for what the other has there.
 */
export function inherit(parent: Declaration, child: Declaration): Declaration {
  const joined: Record<string, unknown> = { ...parent, ...child };
  for (const field of maps) {
    if (parent[field] && child[field]) joined[field] = joinMaps(parent[field], child[field]);
  }
  for (const field of lists) {
    const said: readonly unknown[] | undefined = child[field];
    if (said?.includes(inherited))
      joined[field] = said.flatMap((item) => (item === inherited ? (parent[field] ?? []) : [item]));
  }
  if (child.system_prompt !== undefined) {
    joined['system_prompt'] = child.system_prompt.replace(inheritedPrompt, () => parent.system_prompt ?? '');
  }
  delete joined['extends'];
  return joined as Declaration;
}

/** Without anything to extend, the marks stand for nothing. */
export function withoutMarks(declaration: Declaration): Declaration {
  return inherit({ name: declaration.name }, declaration);
}

function joinMaps(parent: object, child: object): object {
  const joined: Record<string, unknown> = { ...parent };
  for (const [key, value] of Object.entries(child)) {
    const before = joined[key];
    joined[key] = isMap(before) && isMap(value) ? joinMaps(before, value) : value;
  }
  return joined;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
