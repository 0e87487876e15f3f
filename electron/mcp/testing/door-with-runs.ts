import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import type { McpRights } from '../../../shared/mcp.ts';
import type { Agents } from '../../agents/agents.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { createPathOpener } from '../../capabilities/open-path.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Planning } from '../../planning/planning.ts';
import { ReviewedRuns } from '../../runs/reviewed-runs.ts';
import { RunFolders } from '../../runs/run-folder.ts';
import { Runs } from '../../runs/runs.ts';
import type { Reviewer } from '../../sessions/reviewer.ts';
import { Reviews } from '../../sessions/reviews.ts';
import type { McpOfSession } from '../../sessions/session-mcp.ts';
import type { SubtaskSessions } from '../../sessions/subtask-sessions.ts';
import { openTestDoor } from './open-door.ts';

/** A plan of one part. */
export const plan = { subtasks: [{ id: 'a', role: 'runner', params: { command: ['true'] } }] };

/** What a house with runs is made of, from the rooms that it is theirs to make it in. */
export interface SomeRooms {
  readonly house: { readonly record: AuditRecord; readonly gateway: Gateway; readonly folder: string };
  readonly planned: { readonly planning: Planning; readonly agents: Agents };
  readonly parts: SubtaskSessions;
  readonly reviewer: Reviewer;
}

/** The door of a house with real runs and their real planning; what becomes of their parts is up to the test. */
export async function openDoorWithRuns({ house, planned, parts, reviewer }: SomeRooms) {
  const { record, folder: data } = house;
  const { planning, agents } = planned;
  const log = silentLog();
  const reviews = new Reviews({ record, log, reviewer });
  const runs = await Runs.open({
    record,
    clock: systemClock,
    log,
    planning: () => Promise.resolve(planning),
    sessions: () => Promise.resolve(parts),
    files: new RunFolders({ data, open: createPathOpener(), account: () => Promise.resolve(null) }),
    reviews: new ReviewedRuns({ data, log, reviews: () => Promise.resolve(reviews) }),
  });
  onTestFinished(() => runs.close());
  const door = await openTestDoor(house, {
    runs: () => Promise.resolve(runs),
    agents: () => Promise.resolve(agents),
    planning: () => Promise.resolve(planning),
  });
  return {
    ...door,
    runs,
    /** A program that was let in. */
    client: async (rights: Partial<McpRights> = {}, options: ClientOptions = {}): Promise<Client> => {
      const { value } = await door.program(rights);
      return connected(door.address, options, { authorization: `Bearer ${value}` });
    },
    /** One more connection of a program. */
    clientWith: (token: string, options: ClientOptions = {}): Promise<Client> =>
      connected(door.address, options, { authorization: `Bearer ${token}` }),
    /** The program of a session, as it comes in by the tunnel of its sandbox. */
    clientOfSession: async (asks: McpOfSession): Promise<Client> => {
      const server = createServer((request, response) => {
        void door.door.answerSession(request, response, asks);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => {
        server.close();
        server.closeAllConnections();
      });
      return connected(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
    },
  };
}

/** Speaks the newest version, unless its options say otherwise. */
async function connected(
  address: string,
  options: ClientOptions = {},
  headers: Record<string, string> = {},
): Promise<Client> {
  const newest = { versionNegotiation: { mode: 'auto' as const } };
  const client = new Client({ name: 'a program', version: '1' }, { ...newest, ...options });
  onTestFinished(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } }));
  return client;
}
