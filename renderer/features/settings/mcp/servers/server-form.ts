import type { z } from 'zod';
import { toolServerNameSchema, type ToolServer } from '../../../../../shared/tool-server.ts';
import { readCommand } from '../../../../bridge/command-line.ts';
import { readFolders } from '../../../../bridge/folder-lines.ts';
import type { FolderLine } from '../../../../bridge/FolderLines.tsx';
import { readHosts } from '../../../../bridge/hosts-field.ts';

export type Transport = ToolServer['transport'];
export type ServerKind = Transport['kind'];

/** One variable of an environment, or one header. */
export interface ValueLine {
  readonly name: string;
  /** Whether its value stands here, or is a secret of this name. */
  readonly from: 'text' | 'secret';
  readonly value: string;
  /** What stands before the secret, such as “Bearer ”. */
  readonly prefix: string;
}

export const emptyLine: ValueLine = { name: '', from: 'text', value: '', prefix: '' };

/** What a person has filled in of a server. */
export interface ServerForm {
  readonly name: string;
  readonly kind: ServerKind;
  readonly command: string;
  readonly environment: readonly ValueLine[];
  readonly folders: readonly FolderLine[];
  readonly hosts: string;
  readonly url: string;
  readonly headers: readonly ValueLine[];
  readonly signsIn: boolean;
  readonly scopes: string;
}

export const emptyServer: ServerForm = {
  name: '',
  kind: 'stdio',
  command: '',
  environment: [],
  folders: [],
  hosts: '',
  url: '',
  headers: [],
  signsIn: false,
  scopes: '',
};

type Json = z.core.util.JSONType;
type WrongIn = 'name' | 'command' | 'environment' | 'folders' | 'hosts' | 'url' | 'headers';

export interface ReadServer {
  /** Null while something is missing or wrong. */
  readonly transport: Transport | null;
  readonly wrong: Readonly<Partial<Record<WrongIn, string>>>;
}

/** The form as what a declaration says, or what is wrong with it. */
export function readServer(form: ServerForm, taken: ReadonlySet<string>): ReadServer {
  const name = nameWrong(form.name, taken);
  const read = form.kind === 'stdio' ? readStdio(form) : readHttp(form, form.kind);
  const wrong = { ...(name !== undefined && { name }), ...read.wrong };
  return Object.keys(wrong).length > 0 ? { transport: null, wrong } : { transport: read.transport, wrong };
}

function nameWrong(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === '') return 'Give it a name.';
  if (taken.has(name)) return 'There is one of this name.';
  return toolServerNameSchema.safeParse(name).success
    ? undefined
    : 'Small letters, digits, dash and underscore, starting with a letter.';
}

function readStdio(form: ServerForm): { transport: Transport; wrong: ReadServer['wrong'] } {
  const { argv, wrong: command = argv.length === 0 ? 'Write the command that starts it.' : undefined } =
    readCommand(form.command);
  const environment = valuesOf(form.environment);
  const { folders, wrong: wrongFolders } = readFolders(form.folders);
  const hosts = readHosts(form.hosts);
  return {
    transport: {
      kind: 'stdio',
      command: argv,
      environment: environment.values,
      folders,
      hosts: hosts.patterns,
      cwd: null,
    },
    wrong: {
      ...(command !== undefined && { command }),
      ...(environment.wrong !== undefined && { environment: environment.wrong }),
      ...(wrongFolders !== undefined && { folders: wrongFolders }),
      ...(hosts.wrong !== undefined && { hosts: hosts.wrong }),
    },
  };
}

function readHttp(
  form: ServerForm,
  kind: 'http' | 'sse',
): { transport: Transport; wrong: ReadServer['wrong'] } {
  const url = form.url.trim();
  const headers = valuesOf(form.headers);
  const isAddress = /^https?:\/\//i.test(url) && URL.canParse(url);
  const scopes = form.scopes.split(/[\s,]+/).filter((scope) => scope !== '');
  return {
    transport: {
      kind,
      url,
      headers: headers.values,
      oauth: form.signsIn ? { scopes, clientId: null } : null,
    },
    wrong: {
      ...(!isAddress && { url: 'An address, such as https://mcp.example.org/mcp.' }),
      ...(headers.wrong !== undefined && { headers: headers.wrong }),
    },
  };
}

function valuesOf(lines: readonly ValueLine[]): {
  values: Record<string, string | { secret: string; prefix: string }>;
  wrong?: string;
} {
  const named = lines.filter(({ name, value }) => name.trim() !== '' || value !== '');
  const names = named.map(({ name }) => name.trim());
  const values = Object.fromEntries(
    named.map(({ from, value, prefix }, at) => [
      names[at] ?? '',
      from === 'secret' ? { secret: value, prefix } : value,
    ]),
  );
  if (names.includes('')) return { values, wrong: 'Each line has a name.' };
  if (new Set(names).size < names.length) return { values, wrong: 'Two lines have the same name.' };
  return named.some(({ from, value }) => from === 'secret' && value === '')
    ? { values, wrong: 'Choose the secret.' }
    : { values };
}

/** What of a declaration is written: what is as it would be anyway is left out. */
export function declared(transport: Transport): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(transport as Record<string, Json>).filter(
      ([, value]) => value !== null && (typeof value !== 'object' || Object.keys(value).length > 0),
    ),
  );
}
