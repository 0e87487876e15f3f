import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { createNamespaceExecutor } from '../../sandbox/namespace-executor.ts';
import type { Vault } from '../../store/vault.ts';
import { ToolServers } from '../../tools/tool-servers.ts';
import { containedPrograms } from '../contained-programs.ts';
import type { SessionParts } from '../session-parts.ts';
import { someSessions, testFolder } from './some-sessions.ts';

export const modules = realpathSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)));
const program = realpathSync(process.execPath);
/** Of the programs in the tests of servers, what no sandbox has by itself. */
export const testingServers = realpathSync(fileURLToPath(new URL('./servers', import.meta.url)));

/** A declaration that runs a module with Node. */
export function nodeServer(
  file: string,
  said: { folders?: readonly { path: string; mode: 'ro' | 'rw' }[]; args?: readonly string[] } = {},
): string {
  const folders = [
    ...new Set([modules, dirname(program), testingServers].filter((place) => !isBelow(place))),
  ].map((path) => ({ path, mode: 'ro' as const }));
  const command = [program, file, ...(said.args ?? [])];
  const transport = { kind: 'stdio', command, folders: [...folders, ...(said.folders ?? [])] };
  return JSON.stringify({ transport, timeoutSeconds: 10 });
}

/** Below what every sandbox has. */
function isBelow(path: string): boolean {
  return path.startsWith('/usr/') || path.startsWith('/bin/');
}

export const everything = join(modules, '@modelcontextprotocol/server-everything/dist/index.js');
export const filesystem = join(modules, '@modelcontextprotocol/server-filesystem/dist/index.js');

/** Servers of tools in real sandboxes, over parts that a test has. */
export async function serversOver(
  parts: SessionParts,
  configuration: string,
  stored?: Pick<Vault, 'get' | 'set' | 'remove'>,
  clock: Clock = parts.clock,
): Promise<ToolServers> {
  const { record, log } = parts;
  const servers = await ToolServers.open({
    record,
    clock,
    log,
    vault: stored ?? { get: (name) => parts.vault.get(name), set: none, remove: none },
    configuration,
    searchPath: join(configuration, 'bin'),
    containing: () => Promise.resolve(containedPrograms(parts)),
  });
  onTestFinished(() => servers.close());
  return servers;
}

const none = () => Promise.reject(new Error('nothing is stored here'));

/** `clock`: by which servers are tried again, and ended when nobody needs them. */
export async function someServers(clock: Clock = systemClock) {
  const folder = testFolder();
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data: join(folder, 'data'),
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  const some = await someSessions({ executor, folder });
  const servers = await serversOver(some.parts, join(folder, 'configuration'), some.vault, clock);
  /** Of a kind, the newest last. */
  const events = async (kind: string) => {
    const { events: found } = await some.record.query({ filter: { kinds: [kind] as never }, limit: 500 });
    return found.toReversed();
  };
  return { ...some, servers, events };
}
