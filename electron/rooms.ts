import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Id } from '../shared/ids.ts';
import type { Agents } from './agents/agents.ts';
import type { HouseApprovals } from './approvals/approvals.ts';
import type { AuditRecord } from './audit/record.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { Owner } from './base/owner.ts';
import { type Later, later } from './base/later.ts';
import type { Paths, PathSources } from './base/paths.ts';
import type { LaterRooms } from './gateway/later-rooms.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { McpDoor } from './mcp/mcp-door.ts';
import type { ModelRoom } from './models/model-room.ts';
import { Executors } from './sessions/executors.ts';
import type { ServedBeside } from './sessions/agent-session-parts.ts';
import type { AgentSessions } from './sessions/agent-sessions.ts';
import { LaterAgentSessions } from './sessions/later-agent-sessions.ts';
import type { FolderRemoval } from './runs/folder-removal.ts';
import { LaterRuns } from './runs/later-runs.ts';
import { LaterObjectives } from './runs/later-objectives.ts';
import type { ObjectiveParts } from './runs/objectives.ts';
import type { Planning } from './planning/planning.ts';
import type { ExecutorNeeds } from './sandbox/executor-needs.ts';
import { LaterSessions } from './sessions/later-sessions.ts';
import type { SessionParts } from './sessions/session-parts.ts';
import { imagesBeingMade } from './sessions/image-rows.ts';
import type { PresetImages } from './sessions/preset-images.ts';
import type { Sessions } from './sessions/sessions.ts';
import { anyKeptWork } from './sessions/work-rows.ts';
import type { WorkSessions } from './sessions/work-sessions.ts';
import type { WorkRecords } from './sessions/work-records.ts';
import type { SessionMcp } from './sessions/session-mcp.ts';
import type { Vault } from './store/vault.ts';
import type { Tool } from './tools/tool.ts';
import type { ToolRoom } from './tools/tool-room.ts';
import type { ToolServers } from './tools/tool-servers.ts';

const fromSource = import.meta.url.endsWith('.ts');
const resources = (name: string) =>
  fileURLToPath(new URL(fromSource ? `../resources/${name}` : `../../resources/${name}`, import.meta.url));

/** Rooms that are built when somebody first asks: a start neither loads them nor waits for them. */
export function laterRooms(parts: UnderSessions, sources: PathSources, owner: Owner, mcp: Later<SessionMcp>) {
  const { record, clock, log, vault, paths } = parts;
  const planned: PlannedBySessions = async (...call) => (await agentSessions.open()).planned(...call);
  const beside = (): readonly Tool[] => served.tools();
  const approvals = laterApprovals({ record, clock, log, planned, beside }, owner);
  const models = laterModels({ record, vault, clock, paths, sources }, owner);
  const records = laterRecords(parts, owner);
  const grounds = laterGrounds(parts, owner);
  const sessions = laterSessions(grounds);
  const agents = laterAgents(paths, sources, vault);
  const { tools, leaveTools } = laterTools({ record, vault, clock, log, models, paths }, owner);
  const toolServers = laterToolServers(parts, sources, grounds, owner);
  const served = servedBeside(toolServers, join(paths.configuration, 'mcp.yaml'));
  const agentSessions = laterAgentSessions({
    record,
    sources,
    grounds,
    models,
    approvals,
    agents,
    tools,
    served,
  });
  const planning = laterPlanning({ paths, agents, models });
  const images = laterImages({ ...parts, grounds, agents, planning }, owner);
  const work = laterWork(
    { ...parts, grounds, sessions: sessions.open, agents, images, models, records, mcp },
    owner,
  );
  const { sandboxes } = parts;
  const runs = laterRuns({ record, clock, log, paths, sandboxes, planning, agentSessions, grounds });
  owner.own(removeRunFolders(parts, runs));
  const objectives = laterObjectives({ record, clock, log, agents, runs: runs.open, work });
  const rooms = {
    planning,
    runs: runs.open,
    objectives,
    watches: { runs, agentSessions },
    agents,
    images,
    approvals,
    models,
    tools,
    toolServers,
    sessions: sessions.open,
    agentSessions: agentSessions.open,
    work,
    records,
  };
  return { rooms, sessions, agentSessions, runs, objectives, leaveTools };
}

/** The door for programs that speak MCP stands before the gateway, whose tokens it asks for. */
export function laterMcp(
  parts: {
    record: AuditRecord;
    clock: Clock;
    log: Log;
    rooms: Omit<LaterRooms, 'mcp'>;
    gateway: () => Gateway;
  },
  owner: Owner,
): Later<McpDoor> {
  const { gateway, ...rest } = parts;
  const under = new Owner();
  owner.own(() => under.close());
  return later(async () => {
    const { McpDoor: Room } = await import('./mcp/mcp-door.ts');
    const door = new Room({ ...rest, gateway: gateway() });
    under.own(() => door.close());
    return door;
  });
}

/** Roles, recipes and the check of plans. */
function laterPlanning(parts: {
  paths: Paths;
  agents: Later<Agents>;
  models: Later<ModelRoom>;
}): Later<Planning> {
  const { paths, agents, models } = parts;
  return later(async () => {
    const { Planning: Room } = await import('./planning/planning.ts');
    const places = (name: string) => ({ bundled: resources(name), own: join(paths.configuration, name) });
    return new Room({
      roles: places('roles'),
      recipes: places('recipes'),
      agents: await agents(),
      models: async () => (await models()).known,
    });
  });
}

/** Runs bring planning and sessions with agents, each when it is first needed. */
function laterRuns(parts: {
  record: AuditRecord;
  clock: Clock;
  log: Log;
  paths: Paths;
  sandboxes: ExecutorNeeds;
  planning: Later<Planning>;
  agentSessions: LaterAgentSessions;
  grounds: Later<SessionParts>;
}): LaterRuns {
  const { paths, agentSessions, sandboxes, grounds, ...rest } = parts;
  const { log } = parts;
  const sessions = async () => (await agentSessions.open()).subtasks;
  return new LaterRuns(parts.record, async () => {
    const [
      { Runs: Room },
      { RunFolders },
      { ReviewedRuns },
      { Reviews },
      { createPathOpener },
      { sandboxAccount },
    ] = await Promise.all([
      import('./runs/runs.ts'),
      import('./runs/run-folder.ts'),
      import('./runs/reviewed-runs.ts'),
      import('./sessions/reviews.ts'),
      import('./capabilities/open-path.ts'),
      import('./sandbox/sandbox-account.ts'),
    ]);
    const account = () => sandboxAccount(sandboxes);
    const files = new RunFolders({ data: paths.data, open: createPathOpener(), account });
    const reviews = new ReviewedRuns({
      data: paths.data,
      log,
      reviews: later(async () => new Reviews(await grounds())),
    });
    return Room.open({ ...rest, sessions, files, reviews });
  });
}

/** Standing instructions begin runs and sessions of agents. */
function laterObjectives(parts: Omit<ObjectiveParts, 'random' | 'agents'> & { agents: Later<Agents> }) {
  return new LaterObjectives(parts.record, async () => {
    const { Objectives: Room } = await import('./runs/objectives.ts');
    return Room.open({ ...parts, random: Math.random, agents: await parts.agents() });
  });
}

/** The first time a while after the start, which has enough to do. */
const untilRemoval = 60_000;

/** Folders of runs whose time is over; looked for without building the room of runs. */
function removeRunFolders(
  { record, clock, log, paths }: { record: AuditRecord; clock: Clock; log: Log; paths: Paths },
  runs: Pick<LaterRuns, 'folderRemoved'>,
): () => Promise<void> {
  let removal: Promise<FolderRemoval> | undefined;
  const forget = clock.after(untilRemoval, () => {
    removal = import('./runs/folder-removal.ts').then(({ FolderRemoval: Removal }) => {
      const folder = join(paths.data, 'runs');
      const removed = (run: Id<'run'>) => runs.folderRemoved(run);
      const made = new Removal({ record, clock, log, folder, removed });
      void made.begin();
      return made;
    });
  });
  return async () => {
    forget();
    await (await removal)?.close();
  };
}

function laterAgents(paths: Paths, { home, environment }: PathSources, vault: Vault): Later<Agents> {
  return later(async () => {
    const { Agents: Room } = await import('./agents/agents.ts');
    return new Room({
      bundled: resources('agents'),
      own: join(paths.configuration, 'agents'),
      presets: resources('presets'),
      home,
      searchPath: environment['PATH'],
      secrets: () => vault.list().map(({ name }) => name),
      environment,
    });
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
  served: ServedBeside;
}): LaterAgentSessions {
  const { record, sources, grounds, models, approvals, agents, tools, served } = parts;
  return new LaterAgentSessions(record, async () => {
    const { AgentSessions: Room } = await import('./sessions/agent-sessions.ts');
    return Room.open({
      ...(await grounds()),
      record,
      agents: await agents(),
      models: async () => (await models()).models,
      approvals,
      tools: everyTool,
      served,
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
    const room = new Room({ ...rest, skills });
    under.own(() => room.close());
    built = room;
    return room;
  });
  return { tools, leaveTools: () => built?.leave() };
}

/** The room is built only where somebody declared a server. */
function servedBeside(servers: Later<ToolServers>, file: string): ServedBeside {
  let room: ToolServers | undefined;
  return {
    async ready() {
      if (!room && !existsSync(file)) return;
      room = await servers();
      await room.ready();
    },
    tools: () => room?.tools() ?? [],
  };
}

/** Servers of tools that others wrote. They are contained as sessions are, by what sessions stand on. */
function laterToolServers(
  { record, clock, log, vault, paths }: UnderSessions,
  { environment }: PathSources,
  grounds: Later<SessionParts>,
  owner: Owner,
): Later<ToolServers> {
  const under = new Owner();
  owner.own(() => under.close());
  return later(async () => {
    const { ToolServers: Room } = await import('./tools/tool-servers.ts');
    const servers = await Room.open({
      record,
      clock,
      log,
      vault,
      configuration: paths.configuration,
      searchPath: environment['PATH'],
      containing: later(async () => {
        const { containedPrograms } = await import('./sessions/contained-programs.ts');
        return containedPrograms(await grounds());
      }),
    });
    under.own(() => servers.close());
    return servers;
  });
}

type PlannedBySessions = AgentSessions['planned'];

/** Decides about calls and keeps what waits; it outlives the sessions that ask. */
function laterApprovals(
  parts: {
    record: AuditRecord;
    clock: Clock;
    log: Log;
    planned: PlannedBySessions;
    beside: () => readonly Tool[];
  },
  owner: Owner,
): Later<HouseApprovals> {
  const { beside, ...rest } = parts;
  const under = new Owner();
  owner.own(() => under.close());
  return later(async () => {
    const { HouseApprovals: Room } = await import('./approvals/approvals.ts');
    const expireMinutes = () => parts.record.settings()['approvals.minutes'];
    const approvals = new Room({
      ...rest,
      expireMinutes,
      tool: async (name) => [...(await everyTool()), ...beside()].find((tool) => tool.name === name),
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

/** Records of sessions on disk. */
function laterRecords({ record, clock, log, paths }: UnderSessions, owner: Owner): Later<WorkRecords> {
  const under = new Owner();
  owner.own(() => under.close());
  return later(async () => {
    const { WorkRecords: Room } = await import('./sessions/work-records.ts');
    const root = join(paths.data, 'audit');
    const records = new Room({ record, clock, log, root, checker: resources('verify-record.mjs') });
    under.own(() => records.close());
    return records;
  });
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

/** Images with known agents in them. What a killed life left of one is looked for where one was being made. */
function laterImages(
  parts: UnderSessions & {
    grounds: Later<SessionParts>;
    agents: Later<Agents>;
    planning: Later<Planning>;
  },
  owner: Owner,
): Later<PresetImages> {
  const { record, clock, log, sandboxes, grounds, agents, planning } = parts;
  const under = new Owner();
  owner.own(() => under.close());
  const images = later(async () => {
    const [{ PresetImages: Room }, { sandboxAccount }] = await Promise.all([
      import('./sessions/preset-images.ts'),
      import('./sandbox/sandbox-account.ts'),
    ]);
    const account = () => sandboxAccount(sandboxes);
    const named = async () => (await planning()).namedImages();
    const made = await Room.open({ ...(await grounds()), agents: await agents(), account, named });
    under.own(() => made.close());
    return made;
  });
  const forget = clock.after(untilRemoval, () => {
    if (record.rows(imagesBeingMade).length === 0) return;
    images().catch((failure: unknown) => log.warn({ err: failure }, 'an image was left half made'));
  });
  under.own(forget);
  return images;
}

/** Sessions of command agents, with what a life of them leaves: looked after where there is something. */
function laterWork(
  parts: UnderSessions & {
    grounds: Later<SessionParts>;
    sessions: Later<Sessions>;
    agents: Later<Agents>;
    images: Later<PresetImages>;
    models: Later<ModelRoom>;
    records: Later<WorkRecords>;
    mcp: Later<SessionMcp>;
  },
  owner: Owner,
): Later<WorkSessions> {
  const { record, clock, log, paths, sandboxes, grounds, sessions, agents, images, models, records, mcp } =
    parts;
  const under = new Owner();
  owner.own(() => under.close());
  const work = later(async () => {
    const [{ WorkSessions: Room }, { createNamespaceExecutor }, { sandboxAccount }] = await Promise.all([
      import('./sessions/work-sessions.ts'),
      import('./sandbox/namespace-executor.ts'),
      import('./sandbox/sandbox-account.ts'),
    ]);
    const executor = createNamespaceExecutor(sandboxes);
    under.own(() => executor.close());
    const made = await Room.open({
      ...(await grounds()),
      sessions: await sessions(),
      agents: await agents(),
      settings: () => record.settings(),
      images,
      door: async () => (await models()).door(),
      mcp,
      openOwn: executor.openOwn,
      account: () => sandboxAccount(sandboxes),
      records: await records(),
    });
    under.own(() => made.close());
    return made;
  });
  const forget = clock.after(untilRemoval, () => {
    const left = record.rows(anyKeptWork).length > 0 || existsSync(join(paths.data, 'mirrors'));
    if (left)
      work().catch((failure: unknown) =>
        log.warn({ err: failure }, 'what command agents left was not looked at'),
      );
  });
  under.own(forget);
  return work;
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
  const places = () => ownPlaces(paths, parts.record.settings()['records.root']);
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
      return createReviewer({ openOwn: executor.openOwn, masked: places });
    }),
    data: paths.data,
    ownPlaces: places,
  };
}

export function sandboxNeeds(parts: {
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
export function waysToContain(needs: ExecutorNeeds): Executors {
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
