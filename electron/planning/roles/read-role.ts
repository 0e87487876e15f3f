import type { Agent } from '../../../shared/agent.ts';
import type { ModelRef } from '../../../shared/conversation.ts';
import type { Parameter } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import { type Role, type RoleFile, roleFileSchema, escalationSignals } from '../../../shared/role.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { PlacedProblem } from '../../base/placed-text.ts';
import { readFields, type ReadText } from '../../base/read-fields.ts';
import { namedFile, readTemplate } from '../values/capability-template.ts';
import { wrongWith } from '../values/parameters.ts';

/** What roles are read with: what others know. */
export interface RoleGround {
  /** A model as people name it; null where no provider is known to have it. */
  readonly model: (name: string) => ModelRef | null;
  /** An agent that a role begins with; a `Problem` where it cannot work. */
  readonly agent: (name: string) => Agent;
}

const million = 1_000_000;

export function readRole(text: string, ground: RoleGround): ReadText<Role> {
  const read = readFields(
    text,
    roleFileSchema,
    'It declares nothing: a role has a name at least, as in “name: fetcher”.',
  );
  const { value: file, placed } = read;
  if (!file) return { ...read, value: null };
  const problems: PlacedProblem[] = [];
  const wrong = (path: readonly PropertyKey[], message: string) =>
    void problems.push(placed.at(path, message));
  const attempt = <T>(path: readonly PropertyKey[], give: () => T): T | null => {
    try {
      return give();
    } catch (thrown) {
      const { message, mend } = Problem.of(thrown);
      wrong(path, mend === undefined ? message : `${message} ${mend}`);
      return null;
    }
  };
  const modelAt = (name: string, path: readonly PropertyKey[]): ModelRef[] => {
    const ref = ground.model(name);
    if (ref === null) wrong(path, `No provider is known to have “${name}”. Write it as PROVIDER/${name}.`);
    return ref === null ? [] : [ref];
  };
  checkParameters(file.parameters ?? {}, wrong);
  const capabilities = (file.capabilities ?? []).flatMap((written, i) => {
    const path = ['capabilities', i];
    const template = attempt(path, () => readTemplate(written, `capabilities[${i}]`));
    return template === null ? [] : [template];
  });
  (file.outputs ?? []).forEach((path, i) => {
    const at = ['outputs', i];
    if (path.includes('*')) wrong(at, 'A file that is left has a name without “*”.');
    else attempt(at, () => readTemplate(`file_write: ${path}`, `outputs[${i}]`));
  });
  const ladder = file.model_ladder ?? (file.model === undefined ? [] : [file.model]);
  const models = ladder.flatMap((name, i) =>
    modelAt(name, file.model_ladder ? ['model_ladder', i] : ['model']),
  );
  if (file.model_ladder && file.model !== undefined && file.model_ladder[0] !== file.model) {
    wrong(['model_ladder', 0], `Its first step is “model”, ${file.model}.`);
  }
  const { agent: extended } = file;
  const base = extended === undefined ? null : attempt(['agent'], () => ground.agent(extended));
  checkScaffold(file, wrong);
  const role = roleOf(file, { capabilities, models, base });
  return { placed, problems, value: problems.length > 0 ? null : role };
}

type Wrong = (path: readonly PropertyKey[], message: string) => void;

export function checkParameters(parameters: Readonly<Record<string, Parameter>>, wrong: Wrong): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    const { type, choices, default: usual } = parameter;
    if (type === 'choice' && !choices) wrong(['parameters', name], 'A choice needs “choices”.');
    if (type !== 'choice' && choices) wrong(['parameters', name, 'choices'], 'Only a choice has choices.');
    const mistake = usual === undefined ? null : wrongWith(parameter, usual);
    if (mistake !== null) wrong(['parameters', name, 'default'], `It ${mistake}`);
  }
}

function checkScaffold(
  { scaffold, parameters = {}, command, outputs, capabilities }: RoleFile,
  wrong: Wrong,
): void {
  if (command && scaffold?.kind !== 'runner') wrong(['command'], 'Only a runner has a command.');
  if (!scaffold) return;
  const leaves = outputs?.length ?? (capabilities ?? []).length;
  const needs = (name: string, types: readonly string[]) => {
    if (types.includes(parameters[name]?.type ?? '')) return;
    wrong(['scaffold'], `A ${scaffold.kind} needs a parameter “${name}” of type ${types.join(' or ')}.`);
  };
  if (scaffold.kind === 'runner' && !command) wrong(['scaffold'], 'A runner needs a “command”.');
  if (scaffold.kind === 'fetcher') needs('url', ['string', 'text']);
  if (scaffold.kind === 'assembler') needs('inputs', ['string_list']);
  if (scaffold.kind !== 'runner' && leaves === 0) {
    wrong(
      ['scaffold'],
      `A ${scaffold.kind} needs a file to write: “outputs”, or a capability such as “file_write: {output}”.`,
    );
  }
}

function roleOf(
  file: RoleFile,
  { capabilities, models, base }: { capabilities: string[]; models: ModelRef[]; base: Agent | null },
): Role {
  const { budget = {}, retry = {}, sandbox = {}, orchestration = {} } = file;
  const { limits, models: others } = base ?? {};
  return {
    name: file.name,
    description: file.description ?? base?.description ?? '',
    models: models.length > 0 ? models : (others?.slice(0, 1) ?? []),
    parameters: file.parameters ?? {},
    capabilities,
    systemPrompt: file.system_prompt ?? base?.systemPrompt ?? '',
    messageTemplate: file.message_template ?? usualMessage(file),
    budget: {
      inputTokens: budget.max_input_tokens ?? null,
      outputTokens: budget.max_output_tokens ?? null,
      micros: budget.max_dollars === undefined ? null : Math.round(budget.max_dollars * million),
    },
    retry: { attempts: retry.max_attempts ?? 1, on: retry.on ?? ['any'] },
    priority: file.priority ?? 128,
    escalateOn: file.escalate_on ?? [...escalationSignals],
    scaffold: file.scaffold?.kind ?? null,
    iterations: orchestration.max_iterations ?? limits?.iterations ?? 50,
    nudges: orchestration.commit_nudges ?? limits?.nudges ?? 0,
    requireDeclaredOutput: file.require_declared_output ?? false,
    agent: file.agent ?? null,
    ...(base && { base }),
    outputs: file.outputs ?? capabilities.flatMap((each) => namedFile(each) ?? []),
    command: file.command ?? [],
    sandbox: {
      kind: sandbox.kind ?? null,
      image: sandbox.image ?? null,
      limits: sandbox.limits
        ? sandboxLimitsSchema.parse({ ...base?.sandbox.limits, ...sandbox.limits })
        : null,
    },
  };
}

/** Without words of its own a role is told its values, each on a line. */
function usualMessage({ parameters = {} }: RoleFile): string {
  return Object.keys(parameters)
    .map((name) => `${name}: {${name}}`)
    .join('\n');
}
