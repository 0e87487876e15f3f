import type { Capability } from '../../../shared/capability.ts';
import {
  type HostPattern,
  readHostPattern,
  writeHostPattern,
} from '../../../shared/capability/host-pattern.ts';
import { readPathPattern } from '../../../shared/capability/path-pattern.ts';
import { deedOf } from '../../../shared/capability/words.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { FolderWish } from '../../../shared/session.ts';
import { covers } from '../../capabilities/covering.ts';

/** What a run may do at most, as rights. */
export interface CeilingRights {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Folders that are had, and only to be read. */
  readonly readOnly: readonly string[];
  readonly hosts: readonly HostPattern[];
}

export function rightsOfCeiling(
  { folders, hosts }: Pick<Ceiling, 'folders' | 'hosts'>,
  runFolder: string,
): CeilingRights {
  const below = (path: string) => readPathPattern({ text: `${path}/*`, field: 'folders', offset: 0 });
  const of = (some: readonly FolderWish[]) => some.map(({ path }) => below(path));
  return {
    read: [...of(folders), below(runFolder)],
    write: [...of(folders.filter(({ mode }) => mode !== 'ro')), below(runFolder)],
    readOnly: of(folders.filter(({ mode }) => mode === 'ro')),
    hosts: hosts.map((text, i) => readHostPattern({ text, field: `hosts[${i}]`, offset: 0 })),
  };
}

export interface Narrowed {
  readonly kept: readonly Capability[];
  /** What was asked for and is not had, with the reason; null: all of it is had. */
  readonly lost: { readonly words: string; readonly wanted: Capability } | null;
}

/** Calls that reach outside without any folder or host that could bound them. */
const outside = new Set(['send_email', 'send_message']);

/** The part of a right that a ceiling holds. */
export function narrowed(wanted: Capability, ceiling: CeilingRights): Narrowed {
  switch (wanted.kind) {
    case 'file_read':
    case 'file_write':
      return ofPlaces(wanted, wanted.path, ceiling, (path) => ({ ...wanted, path }));
    case 'cargo_run':
    case 'git_commit':
      return ofPlaces(wanted, wanted.folder, ceiling, (folder) => ({ ...wanted, folder }));
    case 'network':
      return ofHosts(wanted, ceiling);
    case 'tool':
      return outside.has(wanted.name) || wanted.name.startsWith('mcp.')
        ? none(wanted, 'it reaches outside of what the run was given')
        : all(wanted);
    case 'exec':
    case 'spawn_agent':
      // Both are held by the other rights: commands by the sandbox, agents by those of who starts them.
      return all(wanted);
    case 'web_search':
      return ceiling.hosts.some(({ host, ports }) => host === '*' && ports === null)
        ? all(wanted)
        : none(wanted, 'a search asks hosts that nobody listed; the run would need “*”');
    case 'message':
      return none(wanted, 'its words would leave the run');
    case 'custom':
      return none(wanted, 'what it means is not said in folders and hosts');
  }
}

const all = (wanted: Capability): Narrowed => ({ kept: [wanted], lost: null });
const none = (wanted: Capability, why: string): Narrowed => ({
  kept: [],
  lost: { words: `${deedOf(wanted)}: ${why}`, wanted },
});

function ofPlaces(
  wanted: Capability,
  pattern: string,
  ceiling: CeilingRights,
  at: (pattern: string) => Capability,
): Narrowed {
  const reads = wanted.kind === 'file_read';
  const held = (reads ? ceiling.read : ceiling.write).map(at);
  if (held.some((grant) => covers(grant, wanted))) return all(wanted);
  const kept = held.filter((grant) => covers(wanted, grant));
  // “*” is everything that there is to be had.
  if (pattern === '*') return { kept, lost: null };
  if (kept.length > 0) {
    const instead = kept.map(deedOf).join(', ');
    return { kept, lost: { words: `${deedOf(wanted)}: only ${instead}`, wanted } };
  }
  const readOnly = !reads && ceiling.readOnly.some((path) => covers(at(path), wanted));
  return none(wanted, readOnly ? 'the run has it to read only' : 'the run was not given it');
}

function ofHosts(wanted: Extract<Capability, { kind: 'network' }>, ceiling: CeilingRights): Narrowed {
  const one = (host: HostPattern): Capability => ({ kind: 'network', hosts: [host] });
  const kept = new Map<string, HostPattern>();
  const lost: HostPattern[] = [];
  for (const host of wanted.hosts) {
    const whole = ceiling.hosts.some((held) => covers(one(held), one(host)));
    const within = whole ? [host] : ceiling.hosts.filter((held) => covers(one(host), one(held)));
    for (const each of within) kept.set(writeHostPattern(each), each);
    if (!whole && !(host.host === '*' && host.ports === null)) lost.push(host);
  }
  const hosts = [...kept.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, host]) => host);
  const missing: Capability | null = lost.length > 0 ? { kind: 'network', hosts: lost } : null;
  return {
    kept: hosts.length > 0 ? [{ kind: 'network', hosts }] : [],
    lost: missing && {
      words: `${deedOf(missing)}: ${hosts.length > 0 ? 'not all of it is listed for the run' : 'not listed for the run'}`,
      wanted: missing,
    },
  };
}
