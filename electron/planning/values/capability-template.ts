import { type Capability, capabilitySchema } from '../../../shared/capability.ts';
import type { HostPattern } from '../../../shared/capability/host-pattern.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import { isPlain } from '../../../shared/capability/miswritten.ts';
import { readPathPattern } from '../../../shared/capability/path-pattern.ts';
import { readCapability, writeCapability } from '../../../shared/capability/text.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Json } from './places.ts';

const word = /\{([a-z][a-z0-9_]*)(\.\*)?\}/g;
const pathKind = /^\s*(?:file_read|file_write|cargo_run|git_commit)\s*:\s*(?=\{)/;
/** No right of anybody’s: what stands for a value until the grammar has read everything around it. */
const slot = (i: number) => `hfslot${i}x`;
const slots = /hfslot(\d+)x/g;

/** What a template with values came to: rights, or why there is none. */
export type Granted =
  | { readonly capabilities: readonly Capability[] }
  | { readonly unresolved: string }
  | { readonly refused: string };

/**
 * A template as a file writes it, as one text; throws where the grammar does. The values come later and are put into
 * what was read, so that nothing in a value is ever grammar.
 */
export function readTemplate(written: unknown, field: string): string {
  const text = typeof written === 'string' ? written : textOf(written, field);
  if (text.includes('hfslot'))
    throw new Problem('invalid_input', `${field}: “hfslot” is a word of Holdfast’s own.`);
  const { capability } = compile(text);
  return hasWords(text) ? text.trim() : writeCapability(capability);
}

export const hasWords = (template: string): boolean => template.search(word) >= 0;

/** A template that names one file by a parameter: what its role is to leave. */
export function namedFile(template: string): string | null {
  const [, path = ''] = /^file_write\s*:\s*(.+)$/.exec(template) ?? [];
  return hasWords(path) && !path.includes('*') ? path : null;
}

export function grant(
  { names, capability, list, rooted }: Template,
  valueOf: (name: string) => Json | undefined,
): Granted {
  if (names.length === 0) return { capabilities: [capability] };
  const missing = names.find((name) => valueOf(name) === undefined);
  if (missing !== undefined) return { unresolved: `{${missing}} has no value` };
  const lists = new Set(list);
  if (lists.size > 1) return { unresolved: 'it goes through several lists at once' };
  const [through] = lists;
  const elements = through === undefined ? [undefined] : valueOf(through);
  if (!Array.isArray(elements)) return { unresolved: `{${through}.*} is no list` };
  const capabilities: Capability[] = [];
  for (const element of elements) {
    const values: string[] = [];
    for (const name of names) {
      const value = name === through ? element : valueOf(name);
      if (Array.isArray(value)) return { unresolved: `{${name}} is a list: {${name}.*} is each of it` };
      if (typeof value === 'object' || value === undefined) return { unresolved: `{${name}} is no text` };
      values.push(String(value));
    }
    try {
      capabilities.push(filled(capability, values, rooted));
    } catch (thrown) {
      return { refused: Problem.of(thrown).message };
    }
  }
  return { capabilities };
}

/** A template whose grammar has been read; its values are not there yet. */
export interface Template {
  readonly text: string;
  readonly capability: Capability;
  readonly names: readonly string[];
  readonly list: readonly string[];
  /** A path that begins with a value begins with “/” only once the value is there. */
  readonly rooted: boolean;
}

export function compile(template: string): Template {
  const names: string[] = [];
  const list: string[] = [];
  const rooted = pathKind.test(template);
  const whole = template.replace(pathKind, (kind) => `${kind}/`);
  const text = whole.replaceAll(word, (_, name: string, each: string | undefined) => {
    if (each !== undefined) list.push(name);
    return slot(names.push(name) - 1);
  });
  return { text: template, capability: readCapability(text), names, list, rooted };
}

/** What YAML makes of an unquoted template: `file_read: {path}` is a map within a map. */
function textOf(written: unknown, field: string): string {
  const entries = isMap(written) ? Object.entries(written) : [];
  const [kind, argument] = entries[0] ?? [];
  if (entries.length === 1 && kind !== undefined && kind !== 'name') {
    if (typeof argument === 'string') return `${kind}: ${argument}`;
    if (argument === null) return kind;
    if (Array.isArray(argument)) return `${kind}: ${argument.map((each) => bare(each)).join(', ')}`;
    if (isMap(argument) && kind !== 'custom') return `${kind}: ${bare(argument)}`;
  }
  return writeCapability(readCapability(written, field));
}

function bare(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, nothing] = [], second] = isMap(value) ? Object.entries(value) : [];
  if (name !== undefined && nothing === null && second === undefined) return `{${name}}`;
  throw new Problem('invalid_input', 'It is no text.', 'Put it in quotation marks.');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function filled(capability: Capability, values: readonly string[], rooted: boolean): Capability {
  const whole = withValues(capability, values, rooted);
  const checked = capabilitySchema.parse(whole);
  // What is written down is read again by others: it has to mean the same then.
  const again = writeCapability(readCapability(writeCapability(checked)));
  if (again !== writeCapability(checked))
    throw new Problem('invalid_input', 'A value in it cannot be written.');
  return checked;
}

function withValues(capability: Capability, values: readonly string[], rooted: boolean): Capability {
  const put = (text: string) => text.replaceAll(slots, (_, i: string) => plainValue(values[Number(i)] ?? ''));
  switch (capability.kind) {
    case 'file_read':
    case 'file_write':
      return { ...capability, path: pathWith(capability.path, values, rooted) };
    case 'cargo_run':
    case 'git_commit':
      return { ...capability, folder: pathWith(capability.folder, values, rooted) };
    case 'exec': {
      const { words, rest } = capability.command;
      return {
        ...capability,
        command: { rest, words: words.map((each) => (each === null ? null : put(each))) },
      };
    }
    case 'network': {
      const hosts = capability.hosts.map((host) => hostWith(host, values));
      const written = new Map(hosts.map((host) => [JSON.stringify([host.host, host.ports]), host]));
      return { ...capability, hosts: [...written.values()] };
    }
    case 'tool':
      return { ...capability, name: put(capability.name) };
    case 'spawn_agent':
      return { ...capability, names: inOrder(capability.names.map(put)) };
    case 'message':
      return { ...capability, targets: inOrder(capability.targets.map(put)) };
    case 'web_search':
      return capability;
    case 'custom': {
      const params = deep(capability.params, put) as Record<string, Json>;
      return { ...capability, name: put(capability.name), params };
    }
  }
}

const inOrder = (names: readonly string[]) =>
  [...new Set(names)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));

function deep(value: Json, put: (text: string) => string): Json {
  if (typeof value === 'string') return put(value);
  if (Array.isArray(value)) return value.map((each) => deep(each, put));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [put(key), deep(each, put)]));
}

/** A value as it may stand within a right: nothing in it is a pattern, a place or a character nobody sees. */
function plainValue(value: string): string {
  const shown = JSON.stringify(value.slice(0, 200));
  if (value === '') throw new Problem('invalid_input', 'A value in it is empty.');
  if (/[*?[]/.test(value)) {
    throw new Problem('invalid_input', `${shown} has “*”, “?” or “[” in it, which no value of a right has.`);
  }
  if (!isPlain(value)) throw new Problem('invalid_input', `${shown} has a character that cannot be shown.`);
  if (value.includes('$folder') || value.includes('hfslot')) {
    throw new Problem('invalid_input', `${shown} has a word in it that means something in a right.`);
  }
  return value;
}

function pathWith(pattern: string, values: readonly string[], rooted: boolean): string {
  if (!pattern.includes('hfslot')) return pattern;
  const star = pattern.endsWith('/*');
  const named = star ? pattern.slice(0, -2) : pattern;
  const path = (rooted ? named.slice(1) : named).replaceAll(slots, (_, i: string) =>
    plainValue(values[Number(i)] ?? ''),
  );
  const shown = JSON.stringify(path.slice(0, 200));
  if (!path.startsWith('/')) {
    throw new Problem('invalid_input', `${shown} is no whole path: it begins without “/”.`);
  }
  // Also where two values only make it together.
  if (path.split('/').includes('..')) throw new Problem('invalid_input', `${shown} has “..” in it.`);
  return readPathPattern({ text: star ? `${path}/*` : path, field: 'path', offset: 0 });
}

function hostWith({ host, ports }: HostPattern, values: readonly string[]): HostPattern {
  if (host.search(slots) < 0) return { host, ports };
  const [only] = /^hfslot(\d+)x$/.exec(host)?.slice(1) ?? [];
  const text =
    only === undefined
      ? host.replaceAll(slots, (_, i: string) => hostPart(values[Number(i)] ?? ''))
      : (values[Number(only)] ?? '');
  if (/[,\s]/.test(text)) throw new Problem('invalid_input', `${JSON.stringify(text)} is no one host.`);
  const found = readHostPattern({ text, field: 'host', offset: 0 });
  if (found.host.startsWith('*') && !host.startsWith('*.')) {
    throw new Problem('invalid_input', `${JSON.stringify(text)} is a pattern, which no value of a right is.`);
  }
  if (ports !== null && found.ports !== null) {
    throw new Problem('invalid_input', `${JSON.stringify(text)} names a port of its own.`);
  }
  return { host: found.host, ports: ports ?? found.ports };
}

function hostPart(value: string): string {
  if (/^[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(value)) return value;
  throw new Problem('invalid_input', `${JSON.stringify(value)} is no part of a host’s name.`);
}
