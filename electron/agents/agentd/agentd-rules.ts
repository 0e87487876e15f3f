import type { Declaration } from '../../../shared/agent.ts';
import { scheduleProblems } from '../declarations/schedule.ts';
import { commandProblems, type FieldProblem, wholeCommandProblems } from '../commands/command-rules.ts';
import { isLocalRepository } from '../repository-rules.ts';
import type { AgentdAgent } from './agentd-schema.ts';

const unixName = /^[a-z][a-z0-9_-]{0,31}$/;

type Path = readonly PropertyKey[];

/** Everything that is wrong with one agent of the file, in the file’s own fields. */
export function agentdProblems(agent: AgentdAgent, declaration: Declaration): FieldProblem[] {
  const { name } = agent;
  const found: FieldProblem[] = [];
  const tell = (field: string, message: string) => found.push({ path: [field], message });
  if (!unixName.test(name)) {
    tell(
      'name',
      `“${name}” is no name: small letters, digits, dash and underscore, starting with a letter, 32 at most.`,
    );
  }
  for (const field of ['base_image', 'methodology_dir', 'schedule'] as const) {
    const { [field]: said } = agent;
    if (said === undefined) continue;
    if (said.trim() === '') tell(field, `The ${field} of “${name}” is empty.`);
    else if (said !== said.trim()) tell(field, `The ${field} of “${name}” begins or ends with a space.`);
  }
  if (agent.argv.length === 0) tell('command', `The command of “${name}” is empty.`);
  if (agent.repo !== undefined && isLocalRepository(agent.repo)) {
    tell('repo', `The repository “${agent.repo}” of “${name}” is a folder, which agentd does not clone.`);
  }
  agent.mounts.forEach(({ source }, i) => {
    if (source === '~' || source.startsWith('~/'))
      found.push({
        path: ['mounts', i, 'source'],
        message: `The mount source “${source}” of “${name}” is not absolute.`,
      });
  });
  agent.credentials.forEach((credential, i) => {
    for (const field of ['name', 'source'] as const) {
      const { [field]: said } = credential;
      const path = ['credentials', i, field];
      if (said.trim() === '') found.push({ path, message: `A credential of “${name}” has no ${field}.` });
      else if (field === 'name' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(said))
        found.push({ path, message: `The credential “${said}” of “${name}” is no name of a variable.` });
    }
  });
  const told = new Set(found.map(({ path }) => path.join('.')));
  const ruled = [
    ...commandProblems(declaration),
    ...scheduleProblems(declaration),
    ...wholeCommandProblems(declaration, null),
  ]
    .map(({ path, message }) => ({ path: fieldOf(path), message }))
    // Whatever was told in agentd’s own words already.
    .filter(({ path }) => !told.has(path.join('.')) && !(path.length === 1 && told.has('command')));
  return [...found, ...ruled];
}

const fields: Readonly<Record<string, string>> = {
  repository: 'repo',
  clone_token: 'repo_token_source',
  methodology: 'methodology_dir',
  argv: 'command',
};

/** Where a rule’s field stands in the file. */
function fieldOf([first, second, ...rest]: Path): Path {
  if (first === 'lifecycle') return ['schedule'];
  if (first !== 'command' || second === undefined) return [first ?? ''];
  if (second === 'credentials') {
    const [i, field] = rest;
    const own = field === 'secret' ? ['source'] : field === 'variable' ? ['name'] : [];
    return ['credentials', ...(i === undefined ? [] : [i]), ...own];
  }
  return [fields[String(second)] ?? second, ...(second === 'mounts' ? rest : [])];
}
