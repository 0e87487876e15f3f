import type { Agent, Declaration } from '../../../shared/agent.ts';
import type { DeclarationProblem } from '../../../shared/contract/agents.ts';
import type { CommandPresets } from '../command-presets.ts';
import { commandProblems, wholeCommandProblems } from '../commands/command-rules.ts';
import { inherit, withoutMarks } from './inherit.ts';
import type { ReadDeclaration } from './read-declaration.ts';
import { presetOf, resolve } from './resolve.ts';
import { scheduleProblems } from './schedule.ts';

/** How far a chain of `extends` may go. */
const deepest = 10;

export interface Joined {
  readonly agent: Agent | null;
  readonly problems: readonly DeclarationProblem[];
}

/** A declaration with all it extends. `other` finds what bears a name; a bundled one may be extended under its own. */
export function joinDeclarations(
  read: ReadDeclaration,
  other: (name: string, extendedBy: readonly ReadDeclaration[]) => ReadDeclaration | undefined,
  presets: CommandPresets,
): Joined {
  if (!read.value) return { agent: null, problems: read.problems };
  const chain: ReadDeclaration[] = [read];
  let declaration: Declaration = read.value;
  for (let name = declaration.extends; name !== undefined;) {
    const refuse = (message: string): Joined => ({
      agent: null,
      problems: [read.placed.at(['extends'], message)],
    });
    if (chain.length > deepest) return refuse(`It extends more than ${deepest} agents in a row.`);
    const parent = other(name, chain);
    if (!parent) return refuse(`There is no agent “${name}” to extend.`);
    if (chain.includes(parent)) return refuse(`It extends itself, by way of “${name}”.`);
    if (!parent.value) return refuse(`“${name}” cannot be extended: its own file has problems.`);
    chain.push(parent);
    declaration = parent.value;
    name = declaration.extends;
  }
  const joined = chain
    .map((each) => each.value)
    .filter((each) => each !== null)
    .toReversed()
    .reduce((parent, child, i) => (i === 0 ? withoutMarks(child) : inherit(parent, child)), read.value);
  const whole = { ...joined, name: read.value.name };
  const preset = presetOf(whole.command, presets);
  const problems =
    chain.length > 1
      ? [...commandProblems(whole), ...scheduleProblems(whole), ...wholeCommandProblems(whole, preset)]
      : [];
  if (problems.length > 0) {
    return { agent: null, problems: problems.map(({ path, message }) => read.placed.at(path, message)) };
  }
  return { agent: resolve(whole, presets), problems: [] };
}
