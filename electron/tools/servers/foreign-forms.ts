import { parse, stringify } from 'yaml';
import { Problem } from '../../../shared/problem.ts';
import { toolServerSchema } from '../../../shared/tool-server.ts';
import { readForeignServer } from './foreign-server.ts';

export interface ForeignServer {
  readonly server: string;
  readonly text: string;
  readonly notes: readonly string[];
}

export interface ForeignFile {
  readonly form: string;
  readonly servers: readonly ForeignServer[];
  readonly problems: readonly string[];
}

const mostServers = 200;

type Fields = Readonly<Record<string, unknown>>;

/** What a file of another program would bring. Nothing is written and nothing is started. */
export function readForeign(text: string): ForeignFile {
  const { form, entries } = entriesOf(valueOf(text));
  const servers: ForeignServer[] = [];
  const problems: string[] = [];
  const taken = new Set<string>();
  if (entries.length > mostServers) problems.push(`Only the first ${mostServers} servers were read.`);
  for (const [given, fields] of entries.slice(0, mostServers)) {
    try {
      const server = ownName(given, taken);
      const { value, notes } = readForeignServer(fields);
      const said = server === given ? notes : [`It is called “${server}” here.`, ...notes];
      const checked = toolServerSchema.safeParse(value);
      const [issue] = checked.error?.issues ?? [];
      if (issue) problems.push(`${given}: ${issue.path.join('.')} ${issue.message}`);
      else servers.push({ server, text: stringify(value), notes: said });
    } catch (thrown) {
      problems.push(`${given}: ${Problem.of(thrown).message}`);
    }
  }
  return { form, servers, problems };
}

/** JSON first: it may be indented in ways that YAML refuses. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return parse(text, { maxAliasCount: 50 });
    } catch {
      throw new Problem(
        'invalid_input',
        'It is neither JSON nor YAML.',
        'Give the whole file of the other program.',
      );
    }
  }
}

function entriesOf(value: unknown): { form: string; entries: (readonly [string, Fields])[] } {
  if (isFields(value)) {
    const { mcpServers, servers, client, mcp } = value;
    if (isFields(mcpServers)) return { form: 'mcpServers', entries: named(mcpServers) };
    if (isFields(client) && Array.isArray(client['servers'])) {
      return { form: 'mcp-servers.yaml', entries: listed(client['servers'], 'name') };
    }
    if (Array.isArray(servers)) return { form: 'servers.json', entries: listed(servers, 'id') };
    if (isFields(servers)) return { form: 'servers of VS Code', entries: named(servers) };
    if (isFields(mcp) && isFields(mcp['servers'])) {
      return { form: 'settings of VS Code', entries: named(mcp['servers']) };
    }
    if (isFields(mcp)) return { form: 'opencode', entries: named(mcp) };
  }
  throw new Problem(
    'invalid_input',
    'It is none of the forms that are known here.',
    'Known are mcpServers (Claude, Cursor and others), the servers of VS Code, servers.json and mcp-servers.yaml.',
  );
}

function named(servers: Fields): (readonly [string, Fields])[] {
  return Object.entries(servers).map(([name, fields]) => [name, isFields(fields) ? fields : {}] as const);
}

function listed(servers: readonly unknown[], key: 'name' | 'id'): (readonly [string, Fields])[] {
  return servers.map((each, i) => {
    const fields = isFields(each) ? each : {};
    const name = fields[key];
    return [typeof name === 'string' ? name : `server-${i + 1}`, fields] as const;
  });
}

function ownName(given: string, taken: Set<string>): string {
  const plain = given
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-+$/, '')
    .slice(0, 28);
  const base = plain === '' ? 'server' : plain;
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base}-${i}`;
  taken.add(name);
  return name;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
