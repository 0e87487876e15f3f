import type { Agent } from '../../shared/agent.ts';
import type { Capability } from '../../shared/capability.ts';
import { readCapability, writeCapability } from '../../shared/capability/text.ts';
import { deedOf } from '../../shared/capability/words.ts';
import type { AgentCommand } from '../../shared/command-agent.ts';
import type { FolderWish } from '../../shared/session.ts';
import { folderWord, withFolder } from './declarations/session-folder-word.ts';

/**
 * The rights of an agent in a session with these folders. What names `$folder` is had for each of them;
 * a right to write is none for a folder that is read-only.
 */
export function capabilitiesOf(
  agent: Pick<Agent, 'capabilities' | 'network'>,
  folders: readonly FolderWish[],
): Capability[] {
  const found = agent.capabilities.flatMap((text) => {
    if (!text.includes(folderWord)) return [readCapability(text)];
    const readOnly = /^(file_write|git_commit):/.test(text);
    return folders
      .filter(({ mode }) => !(readOnly && mode === 'ro'))
      .map(({ path }) => readCapability(withFolder(text, path)));
  });
  if (agent.network.length > 0) found.push(readCapability(`network: ${agent.network.join(', ')}`));
  return [...new Map(found.map((each) => [writeCapability(each), each])).values()];
}

/** What an agent may do, one line each, before any session names its folders. */
export function rightsInWords(agent: Agent): string[] {
  const shown = [{ path: '/its-folder', mode: 'rw' as const }];
  const all = capabilitiesOf(agent, shown);
  const tools = all.flatMap((each) => (each.kind === 'tool' ? [each.name] : []));
  const rights = all
    .filter(({ kind }) => kind !== 'tool')
    .map((each) => deedOf(each).replaceAll('/its-folder', 'the session’s folder'));
  const every = [...rights, ...(agent.command ? commandRights(agent.command) : [])];
  return tools.length > 0 ? [...every, `call the tools ${tools.join(', ')}`] : every;
}

/** What a command is given that no capability says. */
function commandRights({ mounts, credentials, gateway, mcp }: AgentCommand): string[] {
  return [
    ...mounts.map(({ source, readOnly }) => `read ${readOnly ? '' : 'and change '}files in ${source}`),
    ...credentials.map(({ secret }) => `read and use the secret ${secret}`),
    ...(gateway ? ['call models through Holdfast'] : []),
    ...(mcp ? [`ask Holdfast by MCP: ${mcp.tools.join(', ')}`] : []),
  ];
}
