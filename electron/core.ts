import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Agents } from './agents/agents.ts';
import type { HouseApprovals } from './approvals/approvals.ts';
import type { AuditRecord } from './audit/record.ts';
import { openRecord } from './audit/open-record.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { type Log, type LogForm, openLog } from './base/log.ts';
import { Owner } from './base/owner.ts';
import { type Later, later } from './base/later.ts';
import { type Paths, type PathSources, pathsFor, systemPathSources } from './base/paths.ts';
import { memoryAtRest } from './base/memory-at-rest.ts';
import { makePrivateFolder } from './base/private-files.ts';
import type { BegunThread } from './base/thread-begun.ts';
import { version } from './base/version.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { House } from './gateway/house.ts';
import { lookAtMachine } from './gateway/machine-look.ts';
import { ModelsLook } from './gateway/models-look.ts';
import type { ModelRoom } from './models/model-room.ts';
import { agentSessionsToResume } from './sessions/agent-session-rows.ts';
import { Executors } from './sessions/executors.ts';
import { LaterAgentSessions } from './sessions/later-agent-sessions.ts';
import type { ExecutorNeeds } from './sandbox/executor-needs.ts';
import { LaterSessions } from './sessions/later-sessions.ts';
import type { SessionParts } from './sessions/session-parts.ts';
import { takeInstanceLock } from './store/instance-lock.ts';
import { startProblem } from './store/start-problem.ts';
import { removeUnfinished } from './store/unfinished.ts';
import { openVault, type SecretKeeping } from './store/open-vault.ts';
import type { Vault } from './store/vault.ts';
import type { Tool } from './tools/tool.ts';
import type { ToolRoom } from './tools/tool-room.ts';

export interface CoreOptions {
  surface: 'desktop' | 'daemon';
  /** The data folder, where it is not the usual one. */
  data?: string | undefined;
  /** The loopback port; null for none, 0 for a free one. */
  port: number | null;
  devOrigin?: string | null;
  logForm?: LogForm;
  /** How the desktop keeps secrets, asked when the data folder is ours; without it they are in an encrypted file. */
  secrets?: () => Promise<SecretKeeping>;
  /** Called when somebody asks the house to stop, by whatever surface. */
  stopAsked: (core: Core) => void;
  clock?: Clock;
  /** The writing thread, where it was begun before the house was loaded. */
  writer?: BegunThread;
  sources?: PathSources;
}

export interface Core {
  readonly paths: Paths;
  readonly record: AuditRecord;
  readonly vault: Vault;
  readonly gateway: Gateway;
  readonly house: House;
  readonly log: Log;
  /** What is due at every start and keeps nobody waiting: looking at the machine, and at what earlier lives left. */
  wake(): void;
  /** Called when the house begins to stop. */
  whenStopping(call: () => Promise<void>): void;
  /** Draining asks sessions to end and lets calls finish. Asked again without draining, it waits for nothing more. */
  stop(how: { drain: boolean; reason: string }): Promise<void>;
}

const fromSource = import.meta.url.endsWith('.ts');
const thread = (name: string) => new URL(fromSource ? `./${name}.ts` : `./${name}.js`, import.meta.url);
const builtPages = new URL(fromSource ? '../out/renderer/' : '../renderer/', import.meta.url);

const resources = (name: string) =>
  fileURLToPath(new URL(fromSource ? `../resources/${name}` : `../../resources/${name}`, import.meta.url));

/** Builds every room once, from the cellar to the door; what was built is taken down again if a later step fails. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const owner = new Owner();
  const { sources = systemPathSources() } = options;
  const paths = pathsFor(options.data, sources);
  try {
    return await build({ ...options, sources }, paths, owner);
  } catch (failure) {
    await owner.close();
    throw startProblem(failure, paths.data);
  }
}

async function build(
  options: CoreOptions & { sources: PathSources },
  paths: Paths,
  owner: Owner,
): Promise<Core> {
  const { surface, clock = systemClock, sources, devOrigin = null } = options;
  // Whatever this process makes, databases and logs included, is for this account alone.
  process.umask(0o077);
  await makePrivateFolder(paths.data);
  const lock = takeInstanceLock(paths);
  owner.own(() => lock.release());
  await removeUnfinished(paths.data);
  const started = clock.now();
  const holder = { pid: process.pid, since: started.toISOString(), version, surface };
  await lock.announce({ ...holder, address: null, socket: null });

  const opening = openLog(paths.log, options.logForm ?? 'file');
  const unlocking = openVault({ folder: paths.data, clock, ...(await options.secrets?.()) });
  owner.own(() => opening.then((opened) => opened.close()));
  const record = await openRecord({
    folder: paths.data,
    vault: unlocking,
    clock,
    log: opening.then((opened) => opened.log),
    version,
    threads: { writer: options.writer ?? thread('writer'), reader: thread('reader') },
    rested: memoryAtRest(clock),
  });
  owner.own(() => record.close());
  const [opened, vault] = await Promise.all([opening, unlocking]);
  const { log } = opened;

  const sandboxes = sandboxNeeds({ record, clock, log, paths, sources });
  const executors = waysToContain(sandboxes);
  owner.own(() => executors.close());
  const look = () =>
    lookAtMachine({
      data: paths.data,
      vault,
      record,
      logTrouble: () => opened.trouble(),
      environment: sources.environment,
      platform: sources.platform,
      lookAtSandboxes: () => executors.look(),
    });
  const models = new ModelsLook({ record, vault, models: () => rooms.models() });
  const under = { record, clock, log, vault, paths, executors, sandboxes };
  const house = new House({ surface, started, ...under, look, models });
  owner.own(() => house.end());
  await house.begin();
  const { rooms, sessions, agentSessions, leaveTools } = laterRooms(under, sources, owner);
  const gateway = await createGateway({
    record,
    vault,
    rooms,
    clock,
    log,
    devOrigin,
    operatorToken: paths.operatorToken,
    pages: fileURLToPath(builtPages),
    status: () => house.status(),
    lookAgain: () => house.lookAgain(),
    stop: () => setImmediate(() => options.stopAsked(core)),
  });
  owner.own(() => gateway.close());
  // Before the gateway, so that whoever looks at a session hears of its end.
  owner.own(() => sessions.close());
  owner.own(() => agentSessions.close());
  // Before the sandboxes go: jobs that go with them are the next life’s to find.
  owner.own(leaveTools);
  house.changed = () => gateway.statusChanged();

  const core: Core = {
    paths,
    record,
    vault,
    gateway,
    house,
    log,
    wake() {
      void house.look();
      goOn({ record, log, sessions, agentSessions });
    },
    whenStopping: (call) => owner.own(call),
    async stop({ drain, reason }) {
      house.stopping(reason, drain);
      if (!drain) {
        sessions.hurry();
        gateway.cut();
      }
      await owner.close();
    },
  };
  const address = options.port === null ? null : await gateway.listen(options.port);
  await gateway.listenAt(paths.socket);
  house.listening(address, paths.socket);
  await lock.announce({ ...holder, address, socket: paths.socket });
  return core;
}

/** Sessions that an earlier life left are looked after, whoever asks for them. */
function goOn(parts: {
  record: AuditRecord;
  log: Log;
  sessions: LaterSessions;
  agentSessions: LaterAgentSessions;
}): void {
  const { record, log, sessions, agentSessions } = parts;
  const failed = (failure: unknown) => log.error({ err: failure }, 'sessions could not be opened');
  sessions.open().catch(failed);
  if (record.rows(agentSessionsToResume).length > 0) agentSessions.open().catch(failed);
}

/** Rooms that are built when somebody first asks: a start neither loads them nor waits for them. */
function laterRooms(parts: UnderSessions, sources: PathSources, owner: Owner) {
  const { record, clock, log, vault, paths } = parts;
  const approvals = laterApprovals({ record, clock, log }, owner);
  const models = laterModels({ record, vault, clock, paths, sources }, owner);
  const grounds = laterGrounds(parts, owner);
  const sessions = laterSessions(grounds);
  const agents = laterAgents(paths);
  const { tools, leaveTools } = laterTools({ record, vault, clock, log, models, paths }, owner);
  const agentSessions = laterAgentSessions({ record, sources, grounds, models, approvals, agents, tools });
  const rooms = {
    agents,
    approvals,
    models,
    tools,
    sessions: sessions.open,
    agentSessions: agentSessions.open,
  };
  return { rooms, sessions, agentSessions, leaveTools };
}

function laterAgents(paths: Paths): Later<Agents> {
  return later(async () => {
    const { Agents: Room } = await import('./agents/agents.ts');
    return new Room({ bundled: resources('agents'), own: join(paths.configuration, 'agents') });
  });
}

/** Sessions with agents bring all rooms below them together; each is built when the first of them needs it. */
function laterAgentSessions(parts: {
  record: AuditRecord;
  sources: PathSources;
  grounds: Later<SessionParts>;
  models: Later<ModelRoom>;
  approvals: Later<HouseApprovals>;
  agents: Later<Agents>;
  tools: Later<ToolRoom>;
}): LaterAgentSessions {
  const { record, sources, grounds, models, approvals, agents, tools } = parts;
  return new LaterAgentSessions(async () => {
    const { AgentSessions: Room } = await import('./sessions/agent-sessions.ts');
    return Room.open({
      ...(await grounds()),
      record,
      agents: await agents(),
      models: async () => (await models()).models,
      approvals,
      tools: everyTool,
      hands: async () => (await tools()).hands,
      home: sources.home,
    });
  });
}

const everyTool: Later<readonly Tool[]> = later(async () => (await import('./tools/catalogue.ts')).tools);

/** What tools keep between calls. */
function laterTools(
  parts: {
    record: AuditRecord;
    vault: Vault;
    clock: Clock;
    log: Log;
    models: Later<ModelRoom>;
    paths: Paths;
  },
  owner: Owner,
): { tools: Later<ToolRoom>; leaveTools: () => void } {
  const { paths, ...rest } = parts;
  const under = new Owner();
  owner.own(() => under.close());
  let built: ToolRoom | undefined;
  const tools = later(async () => {
    const { ToolRoom: Room } = await import('./tools/tool-room.ts');
    const skills = { bundled: resources('skills'), own: join(paths.configuration, 'skills') };
    const room = new Room({ ...rest, fetch: globalThis.fetch, skills });
    under.own(() => room.close());
    built = room;
    return room;
  });
  return { tools, leaveTools: () => built?.leave() };
}

/** Decides about calls and keeps what waits; it outlives the sessions that ask. */
function laterApprovals(
  parts: { record: AuditRecord; clock: Clock; log: Log },
  owner: Owner,
): Later<HouseApprovals> {
  const under = new Owner();
  owner.own(() => under.close());
  return later(async () => {
    const { HouseApprovals: Room } = await import('./approvals/approvals.ts');
    const expireMinutes = () => parts.record.settings()['approvals.minutes'];
    const approvals = new Room({
      ...parts,
      expireMinutes,
      tool: async (name) => (await everyTool()).find((tool) => tool.name === name),
    });
    under.own(() => approvals.close());
    return approvals;
  });
}

/** Who serves models, what they cost, and what may be spent. */
function laterModels(
  parts: { record: AuditRecord; vault: Vault; clock: Clock; paths: Paths; sources: PathSources },
  owner: Owner,
): Later<ModelRoom> {
  const { paths, sources, ...rest } = parts;
  const under = new Owner();
  owner.own(() => under.close());
  return later(async () => {
    const { ModelRoom: Room } = await import('./models/model-room.ts');
    const models = await Room.open({
      ...rest,
      random: Math.random,
      fetch: globalThis.fetch,
      files: { bundled: resources('models/models.yaml'), own: join(paths.configuration, 'models.yaml') },
      environment: sources.environment,
    });
    under.own(() => models.close());
    return models;
  });
}

interface UnderSessions {
  readonly record: AuditRecord;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
  readonly paths: Paths;
  readonly executors: Executors;
  readonly sandboxes: ExecutorNeeds;
}

/** What sessions stand on outlives the gateway, whose calls may still use it. */
function laterGrounds(parts: UnderSessions, owner: Owner): Later<SessionParts> {
  const under = new Owner();
  owner.own(() => under.close());
  return later(() => openGrounds(parts, under));
}

function laterSessions(grounds: Later<SessionParts>): LaterSessions {
  return new LaterSessions(async () => {
    const { Sessions: Room } = await import('./sessions/sessions.ts');
    return Room.open(await grounds());
  });
}

/** Rights and what runs by them: loaded here, when somebody first asks. */
async function openGrounds(parts: UnderSessions, owner: Owner): Promise<SessionParts> {
  const { paths, executors, sandboxes } = parts;
  const [{ CapabilityTokens }, { createPathOpener }, { laterReviewer }, { ownPlaces }] = await Promise.all([
    import('./capabilities/capability-tokens.ts'),
    import('./capabilities/open-path.ts'),
    import('./sessions/later-reviewer.ts'),
    import('./sessions/own-places.ts'),
  ]);
  const tokens = await CapabilityTokens.open({ ...parts, random: randomBytes });
  owner.own(() => tokens.close());
  return {
    ...parts,
    tokens,
    open: createPathOpener(),
    executor: executors.of,
    reviewer: laterReviewer(async () => {
      const { createNamespaceExecutor } = await import('./sandbox/namespace-executor.ts');
      const { createReviewer } = await import('./sandbox/review.ts');
      const executor = createNamespaceExecutor(sandboxes);
      owner.own(() => executor.close());
      return createReviewer({ openOwn: executor.openOwn, masked: () => ownPlaces(paths) });
    }),
    data: paths.data,
    ownPlaces: () => ownPlaces(paths),
  };
}

function sandboxNeeds(parts: {
  record: AuditRecord;
  clock: Clock;
  log: Log;
  paths: Paths;
  sources: PathSources;
}): ExecutorNeeds {
  const { record, clock, log, paths, sources } = parts;
  return {
    clock,
    log,
    data: paths.data,
    environment: sources.environment,
    uid: () => record.settings()['sandbox.uid'],
  };
}

/** The ways to contain, none of them made before it is needed. */
function waysToContain(needs: ExecutorNeeds): Executors {
  return new Executors(needs.clock, {
    async namespace() {
      const { createNamespaceExecutor } = await import('./sandbox/namespace-executor.ts');
      return createNamespaceExecutor(needs);
    },
    async container() {
      const { createContainerExecutor } = await import('./sandbox/container-executor.ts');
      return createContainerExecutor(needs);
    },
  });
}
