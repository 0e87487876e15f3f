import type { Declaration } from '../../../shared/agent.ts';
import type { CommandDeclaration } from '../../../shared/command-agent.ts';
import type { Preset } from '../presets/preset-schema.ts';
import { repositoryProblem } from '../repository-rules.ts';
import { mountSourceProblem, mountTargetProblem, overlap } from './mount-rules.ts';
import { isReservedAgentName, isReservedVariable } from './name-rules.ts';

export interface FieldProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Tell = (path: readonly PropertyKey[], message: string) => void;

const secretName = /^[A-Za-z][A-Za-z0-9_.-]{0,79}$/;
/** It becomes part of arguments and of JSON. */
const modelName = /^[A-Za-z0-9._:@/+-]+$/;
const longestShown = 200;
const shown = (text: string) => `“${text.length > longestShown ? `${text.slice(0, longestShown)}…` : text}”`;

/** What is wrong with the command of one file, each field by itself. Every sentence names the agent. */
export function commandProblems(declaration: Declaration): FieldProblem[] {
  const { name, command } = declaration;
  if (!command) return [];
  const found: FieldProblem[] = [];
  const tell: Tell = (path, message) => found.push({ path, message });
  const of = `of “${name}”`;
  if (isReservedAgentName(name)) {
    tell(['name'], `No command agent is called “${name}”: every system has an account of that name.`);
  }
  if (command.repository !== undefined) {
    const problem = repositoryProblem(command.repository, command.clone_token !== undefined);
    if (problem !== null)
      tell(['command', 'repository'], `The repository ${shown(command.repository)} ${of} ${problem}`);
  }
  if (command.clone_token !== undefined && !secretName.test(command.clone_token)) {
    tell(['command', 'clone_token'], `${shown(command.clone_token)} ${of} ${noSecret}`);
  }
  if (command.gateway?.model !== undefined && !modelName.test(command.gateway.model))
    tell(['command', 'gateway', 'model'], `${shown(command.gateway.model)} ${of} is no name of a model.`);
  argvProblems(command, of, tell);
  mountProblems(command, name, tell);
  credentialProblems(command, of, tell);
  environmentProblems(command, of, tell);
  return found;
}

/** What only the whole shows, with all that it extends. */
export function wholeCommandProblems(declaration: Declaration, preset: Preset | null): FieldProblem[] {
  const { name, command, lifecycle, schedule, budget_config: budget } = declaration;
  if (!command) return [];
  const found: FieldProblem[] = [];
  const tell: Tell = (path, message) => found.push({ path, message });
  if (command.argv === undefined && (command.preset ?? 'script') === 'script') {
    tell(['command'], `“${name}” has no command: “argv” is missing, or a preset that has one.`);
  }
  if (command.preset === 'runa' && command.argv === undefined) {
    tell(['command'], `“${name}” has no command: with “runa”, “argv” is the agent that runa runs.`);
  }
  if (command.preset === 'runa' && command.methodology === undefined) {
    tell(['command'], `“${name}” has no methodology, without which runa does nothing.`);
  }
  if (command.gateway) {
    const at = ['command', 'gateway'];
    if (preset && !preset.gateway)
      tell(at, `“${name}” cannot go through the gateway: ${preset.title} speaks no form that it forwards.`);
    if (preset?.gateway?.needs_model && command.gateway.model === undefined)
      tell(at, `“${name}” has no “model”, without which ${preset.title} cannot go through the gateway.`);
  }
  if (
    budget &&
    Object.keys(budget).some((field) => field.startsWith('max_')) &&
    !command.gateway &&
    !command.mcp
  ) {
    const seen = 'Holdfast sees what a command spends through its gateway and by MCP alone';
    tell(
      ['budget_config'],
      `“${name}” has a budget that nothing would hold: ${seen}. Give it “gateway” or “mcp”, or take the budget away.`,
    );
  }
  const isScheduled = schedule !== undefined || lifecycle?.startsWith('scheduled(') === true;
  if (isScheduled && command.repository === undefined) {
    const at = schedule === undefined ? 'lifecycle' : 'schedule';
    tell([at], `“${name}” has a schedule and no repository to start on.`);
  }
  return found;
}

const noSecret = 'is no name of a secret: letters, digits, dot, dash and underscore, starting with a letter.';

function argvProblems({ argv }: CommandDeclaration, of: string, tell: Tell): void {
  argv?.forEach((argument, i) => {
    if (argument.trim() === '')
      tell(['command', 'argv', i], `An argument of the command ${of} is nothing but spaces.`);
    else if (argument.includes('\0'))
      tell(['command', 'argv', i], `An argument of the command ${of} holds a zero byte.`);
  });
}

function mountProblems({ mounts = [] }: CommandDeclaration, agent: string, tell: Tell): void {
  const of = `of “${agent}”`;
  mounts.forEach(({ source, target }, i) => {
    const from = mountSourceProblem(source);
    if (from !== null)
      tell(['command', 'mounts', i, 'source'], `The mount source ${shown(source)} ${of} ${from}`);
    const at = ['command', 'mounts', i, 'target'];
    const to = mountTargetProblem(target, agent);
    if (to !== null) return tell(at, `The mount target ${shown(target)} ${of} ${to}`);
    const met = mounts.slice(0, i).find((other) => overlap(other.target, target));
    if (met) {
      const how = met.target === target ? 'is there twice.' : `overlaps ${shown(met.target)}.`;
      tell(at, `The mount target ${shown(target)} ${of} ${how}`);
    }
  });
}

function credentialProblems({ credentials = [] }: CommandDeclaration, of: string, tell: Tell): void {
  credentials.forEach(({ secret, variable, file }, i) => {
    const at = ['command', 'credentials', i];
    if (!secretName.test(secret)) tell([...at, 'secret'], `${shown(secret)} ${of} ${noSecret}`);
    if ((variable === undefined) === (file === undefined)) {
      return tell(at, `The credential ${shown(secret)} ${of} is either a “variable” or a “file”.`);
    }
    if (variable !== undefined && isReservedVariable(variable, { secret: true })) {
      tell([...at, 'variable'], `The variable ${shown(variable)} ${of} is set by Holdfast itself.`);
    }
    const before = credentials.slice(0, i);
    if (variable !== undefined && before.some((other) => other.variable === variable))
      tell([...at, 'variable'], `The variable ${shown(variable)} ${of} is there twice.`);
    if (file !== undefined && before.some((other) => other.file === file))
      tell([...at, 'file'], `The file ${shown(file)} ${of} is there twice.`);
  });
}

function environmentProblems(
  { environment = {}, credentials = [] }: CommandDeclaration,
  of: string,
  tell: Tell,
): void {
  for (const [variable, value] of Object.entries(environment)) {
    const at = ['command', 'environment', variable];
    if (isReservedVariable(variable, { secret: false }))
      tell(at, `The variable ${shown(variable)} ${of} is set by Holdfast itself.`);
    else if (credentials.some((each) => each.variable === variable))
      tell(at, `The variable ${shown(variable)} ${of} is one of its credentials already.`);
    if (value.includes('\0')) tell(at, `The variable ${shown(variable)} ${of} holds a zero byte.`);
  }
}
