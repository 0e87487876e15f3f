import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MachineFinding, Status } from '../../shared/contract/house.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { Owner } from '../base/owner.ts';
import type { Vault } from '../store/vault.ts';
import { Activity } from './activity.ts';
import type { Caller } from './caller.ts';
import type { GuardOptions } from './guard.ts';
import { createHandlers } from './handlers.ts';
import { type FrontNeeds, HttpFront } from './http-front.ts';
import { createHttpServer } from './http-server.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { LaterRooms } from './later-rooms.ts';
import { listening } from './listening.ts';
import { keepOperatorToken } from './operator-token.ts';
import { securityHeaders } from './page-security.ts';
import { type GatewayPort, servePort } from './port.ts';
import { Refusals } from './refusals.ts';
import { createRouter } from './router.ts';
import { StatusFeed } from './status-feed.ts';
import { Tickets } from './tickets.ts';
import { Tokens } from './tokens.ts';
import { listenAtPath } from './unix-socket.ts';
import { Upgrades } from './upgrade.ts';

/** How long the last words of a draining gateway may take to arrive. */
const farewell = 1_000;

export interface GatewayOptions {
  readonly record: AuditRecord;
  readonly vault: Vault;
  readonly rooms: LaterRooms;
  readonly clock: Clock;
  readonly log: Log;
  /** The 0600 file that holds the operator's token. */
  readonly operatorToken: string;
  readonly pages: string | null;
  readonly devOrigin: string | null;
  readonly limits?: Partial<Limits>;
  readonly status: () => Promise<Status>;
  readonly lookAgain: () => Promise<MachineFinding[]>;
  readonly stop: () => void;
}

export interface Gateway {
  readonly activity: Activity;
  readonly tokens: Tokens;
  readonly refusals: Refusals;
  /** Listens on loopback; 0 takes a free port. Returns the address. */
  listen(port: number): Promise<string>;
  listenAt(path: string): Promise<void>;
  attachPort(port: GatewayPort, caller: Caller): void;
  /** A link that lets one browser in once, within a minute; `used` is called when it did. */
  link(used?: () => void): string;
  statusChanged(): void;
  /** Lets calls and jobs finish, ends followers, and closes; after `cut` it waits for nothing. */
  close(): Promise<void>;
  /** Cuts every connection at once, also while `close` still waits. */
  cut(): void;
}

const onSocket = () => ({ port: null, devOrigin: null });

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { record, clock, log } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const owner = new Owner();
  const activity = new Activity();
  const tokens = new Tokens(record, clock);
  const tickets = new Tickets(clock);
  const refusals = new Refusals(record, clock, log);
  owner.own(() => refusals.close());
  const feed = new StatusFeed(options.status, clock);
  owner.own(record.onChange(() => feed.changed()));
  const operatorToken = await keepOperatorToken(options.operatorToken, tokens);

  let port: number | null = null;
  const address = () => (port === null ? null : `http://127.0.0.1:${port}`);
  const admission = { log, refused: refusals.note.bind(refusals) };
  const shared = { activity, tokens, refusals };
  const router = createRouter(admission, {
    ...options,
    ...shared,
    tickets,
    feed,
    operatorToken,
    address,
    followersChanged: () => feed.changed(),
  });
  const handlers = createHandlers(router, log);
  const needs: FrontNeeds = {
    handlers,
    activity,
    tokens,
    refusals,
    log,
    limits,
    door: async () => (await options.rooms.models()).door(),
    mcp: options.rooms.mcp,
    pages: options.pages,
    headers: securityHeaders(options.devOrigin),
  };
  const guardOptions = () => ({ port, devOrigin: options.devOrigin });
  const upgrades: Upgrades[] = [];
  const takeUpgrades = (server: Server, guarding: () => GuardOptions) => {
    const taken = new Upgrades(needs, guarding, clock);
    upgrades.push(taken);
    server.on('upgrade', (request, socket, head) => taken.handle(request, socket, head));
  };
  const servers: ReturnType<typeof createHttpServer>[] = [];
  const ports = new Set<GatewayPort>();
  const hurry = Promise.withResolvers<void>();

  return {
    ...shared,
    async listen(wanted) {
      const http = createHttpServer(new HttpFront(needs, guardOptions, 'http'), clock, limits);
      takeUpgrades(http.server, guardOptions);
      await listening(http.server, { host: '127.0.0.1', port: wanted });
      servers.push(http);
      ({ port } = http.server.address() as AddressInfo);
      return `http://127.0.0.1:${port}`;
    },
    async listenAt(path) {
      const front = new HttpFront({ ...needs, pages: null }, onSocket, 'socket');
      const http = createHttpServer(front, clock, limits);
      // The desktop app speaks here with a daemon, as a browser does on loopback.
      takeUpgrades(http.server, onSocket);
      const remove = await listenAtPath(http.server, path);
      servers.push(http);
      owner.own(remove);
    },
    attachPort(messagePort, caller) {
      ports.add(messagePort);
      const context = { transport: 'port', caller: () => caller, refusal: null } as const;
      servePort(messagePort, {
        handler: handlers.standard,
        context,
        clock,
        log,
        activity,
        limits,
        closed: () => ports.delete(messagePort),
      });
    },
    link: (used) => `${address()}/#ticket=${tickets.issue(used).ticket}`,
    statusChanged: () => feed.changed(),
    async close() {
      for (const { server } of servers) server.close();
      await Promise.race([activity.drain(), hurry.promise]);
      for (const taken of upgrades) taken.close();
      for (const messagePort of ports) messagePort.close();
      await Promise.all(servers.map((http) => http.close(farewell)));
      await owner.close();
    },
    cut() {
      hurry.resolve();
      for (const http of servers) http.cut();
    },
  };
}
