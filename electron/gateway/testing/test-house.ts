import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { Problem } from '../../../shared/problem.ts';
import { openRecord } from '../../audit/open-record.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { later } from '../../base/later.ts';
import { pathsFor } from '../../base/paths.ts';
import { Agents } from '../../agents/agents.ts';
import { HouseApprovals } from '../../approvals/approvals.ts';
import { CapabilityTokens } from '../../capabilities/capability-tokens.ts';
import { createPathOpener } from '../../capabilities/open-path.ts';
import { ModelRoom } from '../../models/model-room.ts';
import { AgentSessions } from '../../sessions/agent-sessions.ts';
import { Sessions } from '../../sessions/sessions.ts';
import { ToolRoom, type ToolRoomNeeds } from '../../tools/tool-room.ts';
import { openVault } from '../../store/open-vault.ts';
import type { Vault } from '../../store/vault.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts';
import { House } from '../house.ts';
import { lookAtMachine } from '../machine-look.ts';
import { ModelsLook } from '../models-look.ts';
import { noReviewer, noSandbox } from './no-sandbox.ts';

const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

const bundledModels = fileURLToPath(new URL('../../../resources/models/models.yaml', import.meta.url));
const bundledSkills = fileURLToPath(new URL('../../../resources/skills/', import.meta.url));
const bundled = fileURLToPath(new URL('../../../resources/agents/', import.meta.url));

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-gateway-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestHouse {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly socket: string;
  /** The operator's token. */
  readonly token: string;
  readonly record: AuditRecord;
  readonly vault: Vault;
  readonly gateway: Gateway;
  readonly approvals: HouseApprovals;
  /** How often somebody asked the house to stop. */
  readonly stops: () => number;
}

export type TestHouseOptions = { clock?: Clock } & Partial<
  Pick<GatewayOptions, 'limits' | 'pages' | 'devOrigin' | 'log' | 'record'>
>;

function lookHere(data: string, vault: Vault, record: AuditRecord) {
  return lookAtMachine({
    data,
    vault,
    record,
    logTrouble: () => null,
    environment: {},
    platform: process.platform,
    lookAtSandboxes: () => Promise.resolve([]),
  });
}

function toolsHere(folder: string, parts: Omit<ToolRoomNeeds, 'skills'>): ToolRoom {
  const skills = { bundled: bundledSkills, own: join(folder, 'skills') };
  return new ToolRoom({ ...parts, skills });
}

const nowhere = () => Promise.reject(new Problem('unavailable', 'There is none here.'));
async function* nothingToWatch() {}

const absentBut = (agentSessions: AgentSessions) => ({
  agentSessions: () => Promise.resolve(agentSessions),
  planning: nowhere,
  runs: nowhere,
  objectives: { open: nowhere, watch: nothingToWatch },
  watches: {
    runs: { list: nowhere, watch: nothingToWatch },
    agentSessions: {
      list: (wanted: Parameters<AgentSessions['list']>[0]) => Promise.resolve(agentSessions.list(wanted)),
      watch: (signal: AbortSignal) => agentSessions.watch(signal),
    },
  },
  records: nowhere,
  work: nowhere,
  images: nowhere,
  toolServers: nowhere,
  mcp: nowhere,
});

/** A real record and vault behind a real gateway, listening on loopback and on a socket, taken down after the test. */
export async function openTestHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const folder = testFolder();
  const paths = pathsFor(folder, { environment: {}, platform: process.platform, home: folder, folder });
  const { clock = systemClock, log = silentLog() } = options;
  const vault = await openVault({ folder, clock: systemClock });
  const opened = { folder, vault, clock: systemClock, log, version: 'test', threads };
  const record = options.record ?? (await openRecord(opened));
  const tokens = await CapabilityTokens.open({ record, clock, log, random: randomBytes });
  const grounds = {
    record,
    clock,
    log,
    vault,
    tokens,
    open: createPathOpener(),
    executor: noSandbox,
    reviewer: noReviewer,
    data: folder,
    ownPlaces: () => Promise.resolve([folder]),
  };
  const sessions = await Sessions.open(grounds);
  const expireMinutes = () => record.settings()['approvals.minutes'];
  const tool = () => Promise.resolve(undefined);
  const approvals = new HouseApprovals({ record, clock, log, expireMinutes, tool });
  const look = () => lookHere(folder, vault, record);
  const agents = new Agents({ bundled, own: join(folder, 'agents') });
  const models = later(() =>
    ModelRoom.open({
      record,
      vault,
      clock,
      random: () => 0,
      fetch: globalThis.fetch,
      files: { bundled: bundledModels, own: join(folder, 'models.yaml') },
      environment: {},
    }),
  );
  const modelsLook = new ModelsLook({ record, vault, models });
  const under = { surface: 'daemon', started: clock.now(), paths, record, log } as const;
  const house = new House({ ...under, look, models: modelsLook });
  const tools = toolsHere(folder, { record, vault, clock, log, models });
  const agentSessions = AgentSessions.open({
    ...grounds,
    agents,
    models: async () => (await models()).models,
    approvals: () => Promise.resolve(approvals),
    tools: () => Promise.resolve([]),
    hands: () => Promise.resolve(tools.hands),
    home: folder,
  });
  let stops = 0;
  const gateway = await createGateway({
    record,
    vault,
    rooms: {
      sessions: () => Promise.resolve(sessions),
      approvals: () => Promise.resolve(approvals),
      agents: () => Promise.resolve(agents),
      ...absentBut(agentSessions),
      models,
      tools: () => Promise.resolve(tools),
    },
    clock,
    log,
    operatorToken: paths.operatorToken,
    pages: null,
    devOrigin: null,
    status: () => house.status(),
    lookAgain: () => house.lookAgain(),
    stop: () => stops++,
    ...options,
  });
  const address = await gateway.listen(0);
  await gateway.listenAt(paths.socket);
  onTestFinished(async () => {
    gateway.cut();
    await agentSessions.close();
    await sessions.close();
    await gateway.close();
    await tools.close();
    await approvals.close();
    await tokens.close();
    await record.close();
  });
  const token = readFileSync(paths.operatorToken, 'utf8').trim();
  const port = Number(new URL(address).port);
  return {
    folder,
    address,
    port,
    socket: paths.socket,
    token,
    record,
    vault,
    gateway,
    approvals,
    stops: () => stops,
  };
}
