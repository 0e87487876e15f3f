import type { Capability } from '../capability.ts';
import { capabilitySchema, nameSchema } from '../capability.ts';
import { readCommandPattern, writeCommandPattern } from './command-pattern.ts';
import { canonicalJson, readParams } from './custom-params.ts';
import { readHostPattern, writeHostPattern } from './host-pattern.ts';
import { miswritten, part, plainly, trimmed, type Written } from './miswritten.ts';
import { readPathPattern } from './path-pattern.ts';

type Given = Written | readonly Written[];
interface Form {
  readonly read: (given: Given) => Capability;
  readonly example: string;
}

const pathForm = (kind: 'file_read' | 'file_write'): Form => ({
  read: (given) => ({ kind, path: readPathPattern(single(given)) }),
  example: `${kind}: /folder/*`,
});
const folderForm = (kind: 'cargo_run' | 'git_commit'): Form => ({
  read: (given) => ({ kind, folder: readPathPattern(single(given)) }),
  example: `${kind}: /folder`,
});
const spawnForm: Form = {
  read: (given) => ({ kind: 'spawn_agent', names: readNames(given) }),
  example: 'spawn_agent: [reader, writer]',
};
const messageForm: Form = {
  read: (given) => ({ kind: 'message', targets: readNames(given) }),
  example: 'message: [reader, writer]',
};

/** Everything that can stand before the colon; what is not here is a custom capability. */
const forms = new Map<string, Form>([
  ['file_read', pathForm('file_read')],
  ['file_write', pathForm('file_write')],
  [
    'exec',
    {
      read: (given) => ({ kind: 'exec', command: readCommandPattern(given) }),
      example: 'exec: git status *',
    },
  ],
  [
    'network',
    { read: (given) => ({ kind: 'network', hosts: readHosts(given) }), example: 'network: example.org:443' },
  ],
  [
    'tool',
    { read: (given) => ({ kind: 'tool', name: readName(single(given)) }), example: 'tool: web_fetch' },
  ],
  ['spawn_agent', spawnForm],
  ['spawn_child', spawnForm],
  ['message', messageForm],
  ['message_send', messageForm],
  ['cargo_run', folderForm('cargo_run')],
  ['git_commit', folderForm('git_commit')],
  ['custom', { read: (given) => readCustom(single(given)), example: 'custom: deploy {"to":"staging"}' }],
]);

/** A capability as people write it: a text, or what YAML makes of an unquoted one, or a map with a `name`. */
export function readCapability(value: unknown, field = 'capability'): Capability {
  const capability = typeof value === 'string' ? readText(value, field) : readMap(value, field);
  const checked = capabilitySchema.safeParse(capability);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw miswritten(
    { field, offset: 0 },
    `${issue?.path.join('.') ?? 'it'} ${issue?.message ?? 'is not understood'}.`,
    `Write it as in “${forms.get(capability.kind)?.example ?? capability.kind}”.`,
  );
}

export function readCapabilities(values: readonly unknown[], field = 'capabilities'): Capability[] {
  return values.map((value, i) => readCapability(value, `${field}[${i}]`));
}

/** The one canonical text of a capability; reading it gives the same capability. */
export function writeCapability(capability: Capability): string {
  switch (capability.kind) {
    case 'file_read':
    case 'file_write':
      return `${capability.kind}: ${capability.path}`;
    case 'exec':
      return `exec: ${writeCommandPattern(capability.command)}`;
    case 'network':
      return `network: ${capability.hosts.map(writeHostPattern).join(', ')}`;
    case 'tool':
      return `tool: ${capability.name}`;
    case 'spawn_agent':
      return `spawn_agent: ${capability.names.join(', ')}`;
    case 'message':
      return `message: ${capability.targets.join(', ')}`;
    case 'web_search':
      return 'web_search';
    case 'cargo_run':
    case 'git_commit':
      return `${capability.kind}: ${capability.folder}`;
    case 'custom': {
      const { name, params } = capability;
      const shown = /^[\w.:/@-]+( [\w.:/@-]+)*$/.test(name) ? name : JSON.stringify(name);
      return `custom: ${shown}${Object.keys(params).length > 0 ? ` ${canonicalJson(params)}` : ''}`;
    }
  }
}

function readText(value: string, field: string): Capability {
  const text = trimmed(plainly({ text: value, field, offset: 0 }));
  const [, word = '', space = '', colon] = /^([a-z_]+)(\s*)(:)?/.exec(text.text) ?? [];
  const argument = trimmed(part(text, Math.min(text.text.length, word.length + space.length + 1)));
  if (word === 'web_search') {
    if (text.text === word) return { kind: 'web_search' };
    throw miswritten(part(text, word.length), 'web_search stands alone.', 'Write “web_search”.');
  }
  const form = forms.get(word);
  if (form && (colon || text.text === word)) {
    if (argument.text !== '') return form.read(argument);
    throw miswritten(argument, `${word} says nothing of what.`, `Write it as in “${form.example}”.`);
  }
  if (text.text === '') throw miswritten(text, 'it is empty.', 'Write a capability such as “web_search”.');
  return { kind: 'custom', name: text.text, params: {} };
}

function readMap(value: unknown, field: string): Capability {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw miswritten(
      { field, offset: 0 },
      'it is neither a text nor a map.',
      'Write “file_read: /folder/*”.',
    );
  }
  const entries = Object.entries(value);
  const name: unknown = Object.hasOwn(value, 'name') ? (value as { name: unknown }).name : undefined;
  if (typeof name === 'string') {
    const form = forms.get(name)?.example ?? (name === 'web_search' ? name : undefined);
    if (form) throw miswritten({ field, offset: 0 }, `${name} is not custom.`, `Write it as in “${form}”.`);
    const others = Object.fromEntries(entries.filter(([key]) => key !== 'name'));
    const params = entries.length === 2 && isMap(others['params']) ? others['params'] : others;
    return {
      kind: 'custom',
      name: plainly({ text: name, field: `${field}.name`, offset: 0 }).text,
      params: readParams(params, field),
    };
  }
  const [word, argument] = entries[0] ?? [];
  if (entries.length !== 1 || word === undefined) {
    throw miswritten(
      { field, offset: 0 },
      'the map has no name.',
      'Give it a “name”, or write one capability as a text.',
    );
  }
  const form = forms.get(word);
  if (form && Array.isArray(argument)) return form.read(writtenItems(argument, `${field}.${word}`));
  if (form && isMap(argument) && word === 'custom') return readMap(argument, `${field}.${word}`);
  if (typeof argument === 'string' || argument === null) {
    return readText(argument ? `${word}: ${argument}` : word, field);
  }
  throw miswritten(
    { field: `${field}.${word}`, offset: 0 },
    'it is neither a text nor a list.',
    `Write it as in “${form?.example ?? word}”.`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writtenItems(items: readonly unknown[], field: string): Written[] {
  return items.map((item, i) => {
    const place = { field: `${field}[${i}]`, offset: 0 };
    if (typeof item !== 'string') throw miswritten(place, 'it is no text.', 'Put it in quotation marks.');
    return trimmed(plainly({ text: item, ...place }));
  });
}

function single(given: Given): Written {
  if ('text' in given) return given;
  const [only, second] = given;
  if (only && !second) return only;
  throw miswritten(
    second ?? { field: 'capability', offset: 0 },
    'there is more or less than one.',
    'Write one capability for each.',
  );
}

function listed(given: Given): readonly Written[] {
  if (!('text' in given)) return given;
  const address = /^\[[\da-f.]*:[\da-f.]*:[\da-f:.]*\]$/i.test(given.text);
  const inner = /^\[.*\]$/s.test(given.text) && !address && balanced(given.text);
  const list = inner ? part(given, 1, given.text.length - 1) : given;
  const found: Written[] = [];
  for (let from = 0; from <= list.text.length;) {
    const comma = list.text.indexOf(',', from);
    const to = comma < 0 ? list.text.length : comma;
    found.push(trimmed(part(list, from, to)));
    from = to + 1;
  }
  return found;
}

/** Whether the first bracket closes only at the very end, so that it encloses the whole list. */
function balanced(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '[') open++;
    if (text[i] === ']' && --open === 0) return false;
  }
  return true;
}

function readName(written: Written): string {
  if (nameSchema.safeParse(written.text).success) return written.text;
  throw miswritten(
    written,
    written.text === '' ? 'a name is missing.' : `“${written.text}” is no name.`,
    'A name has no commas and no brackets; lists are written as “[a, b]”.',
  );
}

function readNames(given: Given): string[] {
  const names = new Set(listed(given).map(readName));
  return names.has('*') ? ['*'] : [...names].toSorted(byCode);
}

function readHosts(given: Given) {
  const hosts = new Map(
    listed(given)
      .map(readHostPattern)
      .map((host) => [writeHostPattern(host), host]),
  );
  return [...hosts].toSorted(([a], [b]) => byCode(a, b)).map(([, host]) => host);
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readCustom(written: Written): Capability {
  const { text } = written;
  const [, quotedName, bareName = ''] = /^(?:("(?:[^"\\]|\\.)*")|([^{]*))/.exec(text) ?? [];
  const rest = trimmed(part(written, (quotedName ?? bareName).length));
  const name = quotedName === undefined ? bareName.trim() : fromJson(part(written, 0, quotedName.length));
  if (typeof name !== 'string' || name === '') {
    throw miswritten(written, 'a name is missing.', 'Write “custom: deploy”.');
  }
  return {
    kind: 'custom',
    name,
    params: rest.text === '' ? {} : readParams(fromJson(rest), written.field, rest.offset),
  };
}

function fromJson(written: Written): unknown {
  try {
    return JSON.parse(written.text) as unknown;
  } catch {
    throw miswritten(written, 'this is no JSON.', 'Write the parameters as in {"to":"staging"}.');
  }
}
