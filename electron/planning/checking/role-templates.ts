import type { Role } from '../../../shared/role.ts';
import { compile, type Template } from '../values/capability-template.ts';
import { type CeilingRights, type Narrowed, narrowed } from './ceiling.ts';

/** What of a role is the same for all of its parts, so that it is read once for a plan. */
export interface RoleTemplates {
  readonly templates: readonly {
    readonly template: Template;
    /** Parameters in it that need not be said. */
    readonly optional: readonly string[];
    /** What it comes to whatever the values are; null: they decide. */
    readonly always: readonly Narrowed[] | null;
  }[];
  /** Files it leaves, each as a right to write it, which is what it is. */
  readonly outputs: readonly Template[];
}

export function templatesOf(role: Role, ceiling: CeilingRights): RoleTemplates {
  return {
    templates: textsOf(role).map((text) => {
      const template = compile(text);
      const { names, capability } = template;
      const optional = names.filter((name) => role.parameters[name]?.required === false);
      return { template, optional, always: names.length > 0 ? null : [narrowed(capability, ceiling)] };
    }),
    outputs: role.outputs.map((path) => compile(`file_write: ${path}`)),
  };
}

/** Of the agent that a role begins with only what it calls and runs: places and hosts are the role’s own. */
function textsOf({ capabilities, base }: Role): string[] {
  const begun = (base?.capabilities ?? []).filter((text) =>
    /^(tool|exec|web_search|spawn_agent)\b/.test(text),
  );
  return [...begun.filter((text) => !text.includes('$folder')), ...capabilities];
}
