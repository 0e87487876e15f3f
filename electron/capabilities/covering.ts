import type { Capability } from '../../shared/capability.ts';
import type { CommandPattern } from '../../shared/capability/command-pattern.ts';
import { canonicalJson } from '../../shared/capability/custom-params.ts';
import type { HostPattern } from '../../shared/capability/host-pattern.ts';
import { namesTool } from '../../shared/capability/tool-pattern.ts';
import { isBelow } from './matching.ts';

/** Whether everything that `inner` permits, `outer` permits too: what a narrowed token must hold to. */
export function covers(outer: Capability, inner: Capability): boolean {
  switch (outer.kind) {
    case 'file_read':
    case 'file_write':
      return inner.kind === outer.kind && coversPaths(outer.path, inner.path);
    case 'cargo_run':
    case 'git_commit':
      return inner.kind === outer.kind && coversPaths(outer.folder, inner.folder);
    case 'exec':
      return inner.kind === 'exec' && coversCommands(outer.command, inner.command);
    case 'network':
      return (
        inner.kind === 'network' &&
        inner.hosts.every((host) => outer.hosts.some((wider) => coversHosts(wider, host)))
      );
    case 'tool':
      return inner.kind === 'tool' && namesTool(outer.name, inner.name);
    case 'spawn_agent':
      return inner.kind === 'spawn_agent' && coversNames(outer.names, inner.names);
    case 'message':
      return inner.kind === 'message' && coversNames(outer.targets, inner.targets);
    case 'web_search':
      return inner.kind === 'web_search';
    case 'custom':
      // What the parameters mean only their tool knows, so any change of them might widen.
      return (
        inner.kind === 'custom' &&
        inner.name === outer.name &&
        canonicalJson(inner.params) === canonicalJson(outer.params)
      );
  }
}

function coversPaths(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) return true;
  if (inner === '*' || !outer.endsWith('/*')) return false;
  const folder = outer.slice(0, -2);
  const reached = inner.endsWith('/*') ? inner.slice(0, -2) : inner;
  return reached === folder || reached.startsWith(`${folder}/`);
}

function coversNames(outer: readonly string[], inner: readonly string[]): boolean {
  return outer[0] === '*' || inner.every((name) => outer.includes(name));
}

function coversCommands(outer: CommandPattern, inner: CommandPattern): boolean {
  if (outer.rest ? inner.words.length < outer.words.length : inner.words.length !== outer.words.length) {
    return false;
  }
  if (inner.rest && !outer.rest) return false;
  return outer.words.every((word, i) => word === null || word === inner.words[i]);
}

function coversHosts(outer: HostPattern, inner: HostPattern): boolean {
  const { ports } = outer;
  if (ports && !(inner.ports && inner.ports.from >= ports.from && inner.ports.to <= ports.to)) return false;
  if (outer.host === '*' || outer.host === inner.host) return true;
  if (!outer.host.startsWith('*.') || inner.host === '*') return false;
  return isBelow(inner.host.startsWith('*.') ? inner.host.slice(2) : inner.host, outer.host.slice(1));
}
