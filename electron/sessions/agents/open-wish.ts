import { homedir } from 'node:os';
import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { Capability } from '../../../shared/capability.ts';
import { readHostPattern, writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import { readCapability, writeCapability } from '../../../shared/capability/text.ts';
import { Problem } from '../../../shared/problem.ts';
import type { FolderWish } from '../../../shared/session.ts';
import { capabilitiesOf } from '../../agents/capabilities-of.ts';
import { closeFolders, openFolders } from '../preparing/granted-folders.ts';
import { refuseKernelFolder } from '../preparing/wish-check.ts';
import type { SessionParts } from '../session-parts.ts';

/** The folders of a session by where they really lie: those that were asked for first, then those of the agent’s file. */
export async function foldersOf(
  parts: Pick<SessionParts, 'open' | 'ownPlaces'>,
  agent: Agent,
  wish: Pick<AgentSessionWish, 'folders'>,
  home = homedir(),
): Promise<FolderWish[]> {
  const asked = wish.folders.map(({ path, mode }) => ({ path, mode: mode ?? agent.folderMode }));
  const declared = agent.folders.map(({ path, mode }) => ({ path: path.replace(/^~(?=\/|$)/, home), mode }));
  for (const { path } of declared) {
    if (path.startsWith('/')) continue;
    const mend = 'Begin it with “/” or “~/”.';
    throw new Problem('invalid_input', `“${path}” in the agent’s file is no whole path.`, mend);
  }
  for (const { path } of [...asked, ...declared]) refuseKernelFolder(path);
  const ownPlaces = await parts.ownPlaces();
  const opened = openFolders(parts.open, asked, ownPlaces);
  try {
    const real = opened.map(({ path, mode }) => ({ path, mode }));
    const more = openFolders(parts.open, declared, ownPlaces);
    closeFolders(more);
    // Asked for with another mode than the file has: what was asked for counts.
    const others = more.filter(({ path }) => !real.some((one) => one.path === path));
    return [...real, ...others.map(({ path, mode }) => ({ path, mode }))];
  } finally {
    closeFolders(opened);
  }
}

export function hostsOf(agent: Agent, wish: Pick<AgentSessionWish, 'hosts'>): string[] {
  const asked = wish.hosts.map((text, i) =>
    writeHostPattern(readHostPattern({ text, field: `hosts[${i}]`, offset: 0 })),
  );
  return [...new Set([...agent.network, ...asked])].toSorted();
}

/** Everything that an agent may do in a session with these folders and hosts. */
export function rightsOf(
  agent: Agent,
  folders: readonly FolderWish[],
  hosts: readonly string[],
): Capability[] {
  const own = capabilitiesOf({ ...agent, network: [...hosts] }, folders);
  const itself: Capability[] =
    agent.lifecycle === 'persistent' ? [readCapability(`message: ${agent.name}`)] : [];
  return [...new Map([...own, ...itself].map((one) => [writeCapability(one), one])).values()];
}
