import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Agent } from '../../../shared/agent.ts';
import { mostAttachedBytes } from '../../../shared/attachment-limits.ts';
import type { AgentCommand } from '../../../shared/command-agent.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { SessionWish } from '../../../shared/session.ts';
import type { RequestedWork } from '../../../shared/session-work.ts';
import type { WorkWish } from '../../../shared/work.ts';
import type { WorkCommand } from '../../agents/work-command.ts';
import { type PreparedInput, prepareInput } from '../../agents/work-input.ts';
import { newId } from '../../base/ids.ts';
import { closeFolders, type OpenFolder, openFolders } from '../preparing/granted-folders.ts';
import { checkWish } from '../preparing/wish-check.ts';
import type { Asked } from '../running/begin-session.ts';
import { rightsOfSession } from '../session-mcp.ts';
import type { WorkParts } from '../work-parts.ts';
import { type Repository, repositoryOf } from './repository.ts';
import { WorkGateway, type WorkGatewayNeeds } from './work-gateway.ts';
import type { WorkPlan } from './work-life.ts';

const usualSize = { columns: 120, rows: 32 };
const longestWords = 300;
const methodologyAt = '/holdfast/methodology';

type PlannedWork = { readonly asked: Omit<Asked, 'working'>; readonly plan: WorkPlan };

/** Everything that is decided before anything is written, made or started; what cannot be carried out is refused. */
export async function workPlan(parts: WorkParts, wish: WorkWish, by: Actor): Promise<PlannedWork> {
  const agent = await parts.agents.get(wish.agent);
  const { command } = agent;
  if (!command) {
    throw new Problem(
      'invalid_input',
      `A model answers for “${agent.name}”; it runs no command.`,
      `Talk with it: \`holdfast ask ${agent.name}\`.`,
    );
  }
  const named = wish.repository ?? command.repository;
  if (named === null) {
    throw new Problem(
      'invalid_input',
      `“${agent.name}” has no repository of its own.`,
      `Name one: \`holdfast run ${agent.name} REPOSITORY\`.`,
    );
  }
  const repository = repositoryOf(named, command.cloneToken !== null);
  const branch = wish.branch ?? command.branch;
  refuseBranch(branch);
  const token = tokenOf(parts, command);
  const input = await prepareInput(wish.input, command.methodology);
  const files = inputFiles(input, wish);
  const home = `/home/${agent.name}`;
  const attachments = wish.attachments.map(({ name }) => name);
  const id = newId('session', parts.clock.now());
  const gateway = await gatewayOf(parts, id, { ...agent, command });
  const given = { attachments, gateway: gateway?.place ?? null };
  const line = await parts.agents.commandLine({ ...agent, command }, input, given);
  const image = await imageFor(parts, agent, command);
  const sessionWish = wishOf(agent, image, command, wish, line);
  checkWish(sessionWish, parts.vault);
  const variables = { ...line.variables, ...secretVariables(parts, command) };
  const [masked, executor] = await Promise.all([parts.ownPlaces(), parts.executor(agent.sandbox.kind)]);
  const opened = openAll(parts, { command, line, repository, masked });
  const requested: RequestedWork = {
    agent: agent.name,
    repository: named,
    branch,
    input: wish.input && { kind: wish.input.kind, words: input.words.slice(0, longestWords) },
    attachments,
    methodology: command.methodology,
  };
  const isRuna = command.preset === 'runa';
  return {
    asked: { id, wish: sessionWish, by, folders: opened.folders, cwd: null, ownPlaces: masked, executor },
    plan: {
      id,
      requested,
      repository,
      source: opened.source,
      token,
      home,
      variables,
      gateway,
      input: files,
      inputAlso: isRuna ? ['/agentd/invocation-input'] : [],
      recordAt: isRuna ? `${home}/.agentd/audit/runa` : null,
      recorded: {
        session: id,
        agent: agent.name,
        repository: named,
        workUnit: wish.input?.kind === 'work_unit' ? wish.input.id : null,
      },
      masked,
    },
  };
}

/** Refused before anything is made where nobody could answer. */
async function gatewayOf(
  parts: WorkParts,
  session: Id<'session'>,
  agent: Agent & { readonly command: AgentCommand },
): Promise<WorkGateway | null> {
  const { name, command, budget } = agent;
  const mcp = mcpOf(parts, session, agent);
  if (command.gateway === null && mcp === null) return null;
  const model = command.gateway?.model ?? null;
  const door = command.gateway === null ? null : await doorTo(parts, model);
  return new WorkGateway({ door, mcp, session, agent: name, budget, model });
}

async function doorTo({ door: open }: WorkParts, model: string | null) {
  if (open === null) throw new Problem('unavailable', 'No models can be asked here.');
  const door = await open();
  if (model !== null) door.check(model);
  return door;
}

function mcpOf(
  { mcp }: WorkParts,
  session: Id<'session'>,
  agent: Agent & { readonly command: AgentCommand },
): WorkGatewayNeeds['mcp'] {
  const rights = rightsOfSession(agent, agent.command);
  if (rights === null) return null;
  if (mcp === null) throw new Problem('unavailable', 'Nobody answers by MCP here.');
  const asks = { session, agent: agent.name, rights };
  return async (request, response, ended) =>
    (await mcp()).answerSession(request, response, { ...asks, ended });
}

/** Its own, or the newest that was made with the program of its preset in it. */
async function imageFor(
  { agents, images }: WorkParts,
  { name, sandbox }: Agent,
  command: AgentCommand,
): Promise<string | null> {
  const { preset } = command;
  if (sandbox.kind !== 'container' || sandbox.image !== null || preset === null) return sandbox.image;
  if (!agents.runsPreset(command)) return null;
  const made = images && (await (await images()).newest(preset));
  if (made) return made.digest;
  throw new Problem(
    'not_found',
    `“${name}” runs in a container, and there is no image with its program.`,
    `Make one with \`holdfast agents image ${preset}\`, or name one that has it under “sandbox”.`,
  );
}

function refuseBranch(branch: string | null): void {
  if (branch === null || (!branch.startsWith('-') && !/[\s\p{Cc}~^:?*[\\]/u.test(branch))) return;
  throw new Problem(
    'invalid_input',
    `“${branch}” is no name of a branch.`,
    'Name one that the repository has.',
  );
}

function tokenOf({ vault }: WorkParts, { cloneToken: name }: AgentCommand): WorkPlan['token'] {
  if (name === null) return null;
  return { name, value: secretOf(vault, name) };
}

function secretOf(vault: WorkParts['vault'], name: string): string {
  const value = vault.get(name);
  if (value !== undefined) return value;
  throw new Problem(
    'not_found',
    `There is no secret “${name}”.`,
    `Store it with \`holdfast secrets set ${name}\`.`,
  );
}

function secretVariables({ vault }: WorkParts, { credentials }: AgentCommand): Record<string, string> {
  return Object.fromEntries(
    credentials.flatMap(({ secret, variable }) =>
      variable === null ? [] : [[variable, secretOf(vault, secret)] as const],
    ),
  );
}

function inputFiles(input: PreparedInput, { attachments }: WorkWish): WorkPlan['input'] {
  const attached = attachments.map(({ name, data }) => ({
    path: ['attachments', name],
    bytes: Buffer.from(data, 'base64'),
  }));
  const names = new Set(attachments.map(({ name }) => name));
  if (names.size < attachments.length) {
    throw new Problem('invalid_input', 'Two attachments bear the same name.', 'Rename one of them.');
  }
  const bytes = attached.reduce((sum, file) => sum + file.bytes.length, 0);
  if (bytes > mostAttachedBytes) {
    throw new Problem(
      'too_large',
      `The attachments have more than ${mostAttachedBytes / 2 ** 20} MiB.`,
      'Put them into the repository, or mount their folder.',
    );
  }
  const given = input.files.map(({ path, text }) => ({ path: path.split('/'), bytes: Buffer.from(text) }));
  return [...given, ...attached];
}

function wishOf(
  agent: Agent,
  image: string | null,
  command: AgentCommand,
  wish: WorkWish,
  line: WorkCommand,
): SessionWish {
  const { sandbox, network, limits } = agent;
  const files = command.credentials.flatMap(({ secret, file }) =>
    file === null ? [] : [[file, secret] as const],
  );
  return {
    argv: [...line.argv],
    sandbox: sandbox.kind,
    folders: [],
    cwd: null,
    hosts: network.map((text, i) => readHostPattern({ text, field: `network[${i}]`, offset: 0 })),
    loopback: sandbox.loopback,
    unixSockets: sandbox.unixSockets,
    image,
    terminal: command.terminal ? (wish.terminal ?? usualSize) : null,
    attended: wish.attended,
    environment: { ...line.environment },
    secrets: Object.fromEntries(files),
    limits: { ...sandbox.limits, seconds: wish.seconds ?? limits.seconds ?? sandbox.limits.seconds },
  };
}

interface Places {
  readonly command: AgentCommand;
  readonly line: WorkCommand;
  readonly repository: Repository;
  readonly masked: readonly string[];
}

/** The folders that stand inside at other places, and the one that is cloned from; all of them open, or none. */
function openAll(
  { open }: WorkParts,
  { command, line, repository, masked }: Places,
): { folders: OpenFolder[]; source: OpenFolder | null } {
  const { methodology, preset } = command;
  const methodologies = methodology === null ? [] : [methodologyAt];
  if (preset === 'runa' && methodology !== null) methodologies.push('/agentd/methodology');
  const wanted = [
    ...methodologies.map((at) => ({ path: methodology!, at, mode: 'ro' as const })),
    ...line.folders.map((path) => ({ path, at: undefined, mode: 'ro' as const })),
    ...command.mounts.map(({ source, target, readOnly }) => ({
      path: source,
      at: target,
      mode: readOnly ? ('ro' as const) : ('rw' as const),
    })),
  ];
  const folders: OpenFolder[] = [];
  try {
    for (const { at, ...folder } of wanted) {
      for (const opened of openFolders(open, [folder], masked)) folders.push({ ...opened, at });
    }
    const from = repository.kind === 'folder' ? [{ path: repository.path, mode: 'ro' as const }] : [];
    const [source = null] = openFolders(open, from, masked);
    return { folders, source: source && closedOnce(source) };
  } catch (thrown) {
    closeFolders(folders);
    throw thrown;
  }
}

/** Whether it comes to a clone or not, somebody closes it; a number that was closed twice may be another's by then. */
function closedOnce(folder: OpenFolder): OpenFolder {
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    folder.opened.close();
  };
  return { ...folder, opened: { ...folder.opened, close } };
}
