import type { Agent } from '../../shared/agent.ts';
import { readCapability } from '../../shared/capability/text.ts';
import type { FolderWish } from '../../shared/session.ts';
import type { Crossing } from '../approvals/asking.ts';
import { type Act, connection } from '../capabilities/act.ts';
import { matcherOf } from '../capabilities/matching.ts';
import { bytesOf, RealPath } from '../capabilities/real-path.ts';
import type { Intent, Tool } from '../tools/tool.ts';
import { withFolder, folderWord } from './declarations/session-folder-word.ts';

/** The commands of a line for the shell; null for one that cannot be told from its words. */
export type LineCommands = (line: string) => readonly (readonly string[] | null)[];

export interface Boundaries {
  readonly agent: Pick<Agent, 'approvalRequired' | 'ask'>;
  readonly folders: readonly FolderWish[];
  readonly hosts: readonly string[];
  readonly commands: LineCommands;
}

/** Which boundaries of its agent a call would cross; none: it stays where everything can be thrown away. */
export function crossingsOf(
  tool: Pick<Tool, 'name' | 'action'>,
  intents: readonly Intent[],
  boundaries: Boundaries,
): Crossing[] {
  const found: Crossing[] = [];
  const add = (kind: Crossing['kind'], words: string, disposable = false) => {
    if (!found.some((one) => one.words === words)) found.push({ kind, words, disposable });
  };
  if (tool.action) add('action', 'does something outside that cannot be taken back');
  if (boundaries.agent.approvalRequired.includes(tool.name))
    add('declared', `is ${tool.name}, which its agent’s file says to ask about`);
  for (const text of askedFor(intents, tool.name, boundaries))
    add('declared', `uses a right that is to be asked for each time: ${text}`);
  for (const intent of intents) addIntent(intent, boundaries, add);
  return found;
}

function addIntent(
  intent: Intent,
  { folders, hosts }: Boundaries,
  add: (kind: Crossing['kind'], words: string, disposable?: boolean) => void,
): void {
  const direct = folders.filter(({ mode }) => mode === 'rw').map(({ path }) => path);
  switch (intent.kind) {
    case 'write': {
      const folder = direct.find((path) => intent.path === path || intent.path.startsWith(`${path}/`));
      if (folder !== undefined) add('write', `writes into ${folder} itself`);
      return;
    }
    case 'exec':
    case 'shell':
      if (!intent.writes) return;
      for (const folder of direct) add('command', `runs a command that may write into ${folder} itself`);
      if (hosts.length > 0) {
        add('host', `runs a command that reaches ${hosts.join(', ')} and may write`, direct.length === 0);
      }
      return;
    case 'spawn':
      return add('spawn', `starts another agent, ${intent.agent}`, direct.length === 0);
    case 'action':
      return add('action', intent.what);
    case 'read':
    case 'search':
    case 'network':
    case 'message':
  }
}

function* askedFor(
  intents: readonly Intent[],
  tool: string,
  { agent, folders, commands }: Boundaries,
): Generator<string> {
  if (agent.ask.length === 0) return;
  const acts = [{ kind: 'tool', name: tool } as const, ...intents.flatMap((each) => actsOf(each, commands))];
  const unclear = intents.some((each) => each.kind === 'shell' && commands(each.line).includes(null));
  for (const text of agent.ask) {
    const written = text.includes(folderWord) ? folders.map(({ path }) => withFolder(text, path)) : [text];
    for (const one of written) {
      const capability = readCapability(one);
      const matches = matcherOf(capability);
      // What cannot be told may be what is to be asked about.
      if (acts.some((act) => matches(act)) || (unclear && capability.kind === 'exec')) yield one;
    }
  }
}

/** By the path as it was asked for: the tokens look at where it leads. */
function actsOf(intent: Intent, commands: LineCommands): Act[] {
  switch (intent.kind) {
    case 'read':
      return [{ kind: 'file_read', path: new RealPath(bytesOf(intent.path), 1) }];
    case 'write':
      return [{ kind: 'file_write', path: new RealPath(bytesOf(intent.path), 1) }];
    case 'exec':
      return [{ kind: 'exec', argv: intent.argv }];
    case 'shell':
      return commands(intent.line).flatMap((argv) => (argv === null ? [] : [{ kind: 'exec', argv }]));
    case 'network':
      return [connection(intent.host, intent.port)];
    case 'search':
      return [{ kind: 'web_search' }];
    case 'spawn':
      return [{ kind: 'spawn_agent', name: intent.agent }];
    case 'message':
      return [{ kind: 'message', name: intent.to }];
    case 'action':
      return [];
  }
}
