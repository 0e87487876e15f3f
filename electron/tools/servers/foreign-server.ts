import { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';

type Fields = Readonly<Record<string, unknown>>;
type Value = string | { secret: string; prefix?: string };

/** One server in another program’s words, in ours; what could not be taken over as it was is in the notes. */
export function readForeignServer(fields: Fields): {
  value: Omit<Partial<ToolServer>, 'usual'> & { usual?: { level: 'ask' } };
  notes: string[];
} {
  const notes: string[] = [];
  const http = fieldsOf(fields['http']);
  const enabled = fields['enabled'] !== false && fields['disabled'] !== true;
  const seconds = Math.round(Number(http['timeout_seconds']));
  const value = {
    ...(enabled ? {} : { enabled }),
    transport: transportOf(fields, notes),
    ...(seconds >= 1 && seconds <= 3600 ? { timeoutSeconds: seconds } : {}),
    ...policyOf(fieldsOf(fields['policy'])),
  };
  const unread = Object.keys(fields).filter((key) => !known.has(key));
  if (unread.length > 0) notes.push(`Not taken over: ${unread.join(', ')}.`);
  return { value: value as ReturnType<typeof readForeignServer>['value'], notes };
}

const known = new Set(
  'name id enabled disabled type transport command args env environment cwd url serverUrl httpUrl headers http policy refresh_seconds'.split(
    ' ',
  ),
);

function transportOf(fields: Fields, notes: string[]): unknown {
  const own = fieldsOf(fields['transport']);
  const said = text(own['type']) ?? text(fields['transport']) ?? text(fields['type']) ?? null;
  const address =
    text(own['endpoint']) ?? text(fields['url']) ?? text(fields['serverUrl']) ?? text(fields['httpUrl']);
  if (address !== null) {
    const isAaos = text(fields['transport']) !== null && fields['type'] === undefined;
    if (!URL.canParse(address)) {
      throw new Problem('invalid_input', `“${address.slice(0, 200)}” is no address.`);
    }
    const url = isAaos ? `${address.replace(/\/$/, '')}/mcp` : address;
    if (isAaos) notes.push(`Its tools are asked for at ${url}, as that program does.`);
    const headers = { ...fieldsOf(fields['headers']), ...fieldsOf(fieldsOf(fields['http'])['headers']) };
    return { kind: said === 'sse' ? 'sse' : 'http', url, ...valuesOf('headers', headers, notes) };
  }
  const command = commandOf(fields);
  if (command.length === 0) {
    throw new Problem('invalid_input', 'It has neither a command nor an address.');
  }
  notes.push('It runs in a sandbox without folders and without a network: add what it needs.');
  const cwd = text(fields['cwd']);
  if (cwd !== null && !cwd.startsWith('/')) notes.push(`Its folder “${cwd}” is not a whole path.`);
  return {
    kind: 'stdio',
    command,
    ...valuesOf('environment', { ...fieldsOf(fields['environment']), ...fieldsOf(fields['env']) }, notes),
    ...(cwd?.startsWith('/') ? { cwd } : {}),
  };
}

function commandOf({ command, args }: Fields): string[] {
  return [command, args]
    .flatMap((each): unknown[] => (Array.isArray(each) ? each : each === undefined ? [] : [each]))
    .map(String)
    .filter((word, i) => i > 0 || word !== '');
}

/** `${NAME}`, `${env:NAME}`, `${input:NAME}`: something that is not in the file. */
const reference = /^(.*?)\$\{(?:env:|input:)?([A-Za-z_][A-Za-z0-9_.-]*)\}$/s;
const isSecretName = /key|token|secret|passw|auth|credential|cookie/i;

function valuesOf(field: 'headers' | 'environment', given: Fields, notes: string[]): object {
  const values: Record<string, Value> = {};
  for (const [name, raw] of Object.entries(given)) {
    const value = String(raw);
    const [, prefix = '', referred] = reference.exec(value) ?? [];
    if (referred !== undefined) {
      const secret = secretName(referred);
      values[name] = asSecret(secret, prefix);
      notes.push(
        `${name} is taken from the secret ${secret}: store it with \`holdfast secrets set ${secret}\`.`,
      );
    } else if (isSecretName.test(name) && value !== '') {
      const secret = secretName(field === 'headers' ? `${name}-header` : name);
      const [, scheme = ''] = /^((?:Bearer|Basic|Token) )/i.exec(value) ?? [];
      values[name] = asSecret(secret, scheme);
      notes.push(
        `The value of ${name} was not taken over: store it with \`holdfast secrets set ${secret}\`.`,
      );
    } else values[name] = value;
  }
  return Object.keys(values).length > 0 ? { [field]: values } : {};
}

const asSecret = (secret: string, prefix: string): Value => (prefix === '' ? { secret } : { secret, prefix });

function secretName(of: string): string {
  const plain = of.replaceAll(/[^A-Za-z0-9_.-]/g, '_').replace(/^[^A-Za-z]+/, '');
  return plain.slice(0, 80) || 'secret';
}

function policyOf(policy: Fields): object {
  const asks = policy['default_requires_approval'] === true;
  const overrides = Object.entries(fieldsOf(policy['tool_overrides'])).flatMap(([tool, raw]) => {
    const level = levelOf(fieldsOf(raw));
    return level === null ? [] : [{ [tool]: { level } }];
  });
  return {
    ...(asks ? { usual: { level: 'ask' } } : {}),
    ...(overrides.length > 0 ? { tools: Object.assign({}, ...overrides) as object } : {}),
  };
}

function levelOf(override: Fields): 'deny' | 'ask' | 'usual' | null {
  if (override['enabled'] === false) return 'deny';
  const asks = override['requires_approval'];
  return typeof asks === 'boolean' ? (asks ? 'ask' : 'usual') : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
