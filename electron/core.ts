import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditRecord } from './audit/record.ts';
import { openRecord } from './audit/open-record.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { type Log, type LogForm, openLog } from './base/log.ts';
import type { Later } from './base/later.ts';
import { Owner } from './base/owner.ts';
import { type Paths, type PathSources, pathsFor, systemPathSources } from './base/paths.ts';
import { memoryAtRest } from './base/memory-at-rest.ts';
import { makePrivateFolder } from './base/private-files.ts';
import type { BegunThread } from './base/thread-begun.ts';
import { version } from './base/version.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { House } from './gateway/house.ts';
import { lookAtMachine } from './gateway/machine-look.ts';
import { ModelsLook } from './gateway/models-look.ts';
import type { McpDoor } from './mcp/mcp-door.ts';
import type { LaterRuns } from './runs/later-runs.ts';
import { anyUnfinishedRun } from './runs/run-rows.ts';
import { laterMcp, laterRooms, sandboxNeeds, waysToContain } from './rooms.ts';
import type { LaterObjectives } from './runs/later-objectives.ts';
import { anyObjective } from './runs/objective-rows.ts';
import { anyScheduledAgent } from './runs/scheduled-agents.ts';
import { agentSessionsToResume } from './sessions/agent-session-rows.ts';
import type { LaterAgentSessions } from './sessions/later-agent-sessions.ts';
import type { LaterSessions } from './sessions/later-sessions.ts';
import { takeInstanceLock } from './store/instance-lock.ts';
import { startProblem } from './store/start-problem.ts';
import { removeUnfinished } from './store/unfinished.ts';
import { openVault, type SecretKeeping } from './store/open-vault.ts';
import type { Vault } from './store/vault.ts';

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
  const machine = { data: paths.data, vault, record, logTrouble: () => opened.trouble() };
  const lookAtSandboxes = () => executors.look();
  const look = () => lookAtMachine({ ...machine, ...sources, lookAtSandboxes });
  const models = new ModelsLook({ record, vault, models: () => rooms.models() });
  const under = { record, clock, log, vault, paths, executors, sandboxes };
  const house = new House({ surface, started, ...under, look, models });
  owner.own(() => house.end());
  await house.begin();
  const { rooms, sessions, agentSessions, runs, objectives, leaveTools } = laterRooms(
    under,
    sources,
    owner,
    () => mcp(),
  );
  const mcp = laterMcp({ record, clock, log, rooms, gateway: () => gateway }, owner);
  const gateway: Gateway = await createGateway({
    record,
    vault,
    rooms: { ...rooms, mcp },
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
  // Runs first: what is left to the next life is told apart from what failed.
  owner.own(() => closeInTurn(objectives, runs, agentSessions));
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
      if (record.settings()['mcp.server'] === true) listenForMcp(mcp, log);
      owner.own(goOn({ record, log, sessions, agentSessions, runs, objectives, paths }));
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

/** A port that is taken is told where the person looks; whoever else is served is served. */
function listenForMcp(mcp: Later<McpDoor>, log: Log): void {
  mcp()
    .then((door) => door.settled())
    .catch((failure: unknown) => log.error({ err: failure }, 'nothing listens for MCP'));
}

async function closeInTurn(...rooms: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const room of rooms) await room.close();
}

/** Where anything has a schedule, its times are looked after from the start, or from when a file first has one. */
function beginObjectives(parts: {
  record: AuditRecord;
  log: Log;
  objectives: LaterObjectives;
  paths: Pick<Paths, 'configuration'>;
}): () => void {
  const { record, log, objectives, paths } = parts;
  const stopping = new AbortController();
  const isAny = record.rows(anyObjective).length > 0;
  void Promise.resolve(isAny || anyScheduledAgent(join(paths.configuration, 'agents'), stopping.signal))
    .then(async (found) => found && (await objectives.open()))
    .catch((failure: unknown) => log.error({ err: failure }, 'objectives could not be opened'));
  return () => stopping.abort();
}

/** Sessions that an earlier life left are looked after, whoever asks for them. */
function goOn(parts: {
  record: AuditRecord;
  log: Log;
  sessions: LaterSessions;
  agentSessions: LaterAgentSessions;
  runs: LaterRuns;
  objectives: LaterObjectives;
  paths: Pick<Paths, 'configuration'>;
}): () => void {
  const { record, log, sessions, agentSessions, runs } = parts;
  const failed = (failure: unknown) => log.error({ err: failure }, 'sessions could not be opened');
  sessions.open().catch(failed);
  if (record.rows(agentSessionsToResume).length > 0) agentSessions.open().catch(failed);
  if (record.rows(anyUnfinishedRun).length > 0) {
    runs.open().catch((failure: unknown) => log.error({ err: failure }, 'runs could not be gone on with'));
  }
  return beginObjectives(parts);
}
