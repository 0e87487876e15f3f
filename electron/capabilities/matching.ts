import type { Capability } from '../../shared/capability.ts';
import type { CommandPattern } from '../../shared/capability/command-pattern.ts';
import type { HostPattern } from '../../shared/capability/host-pattern.ts';
import { namesTool } from '../../shared/capability/tool-pattern.ts';
import type { Act } from './act.ts';
import { bytesOf } from './real-path.ts';

export type Matcher = (act: Act) => boolean;

/** Whether an act lies inside a capability, prepared once so that asking costs next to nothing. */
export function matcherOf(capability: Capability): Matcher {
  switch (capability.kind) {
    case 'file_read':
    case 'file_write':
      return pathMatcher(capability.kind, capability.path);
    case 'cargo_run':
    case 'git_commit':
      return pathMatcher(capability.kind, capability.folder);
    case 'exec': {
      const { command } = capability;
      return (act) => act.kind === 'exec' && commandMatches(command, act.argv);
    }
    case 'network': {
      const { hosts } = capability;
      return (act) => act.kind === 'network' && hosts.some((host) => hostMatches(host, act.host, act.port));
    }
    case 'tool': {
      const { name } = capability;
      return (act) => act.kind === 'tool' && namesTool(name, act.name);
    }
    case 'spawn_agent':
      return nameMatcher('spawn_agent', capability.names);
    case 'message':
      return nameMatcher('message', capability.targets);
    case 'web_search':
      return (act) => act.kind === 'web_search';
    case 'custom': {
      // Parameters are for whoever carries the capability out; matching looks at the name alone.
      const { name } = capability;
      return (act) => act.kind === 'custom' && act.name === name;
    }
  }
}

function pathMatcher(kind: Act['kind'], pattern: string): Matcher {
  if (pattern === '*') return (act) => act.kind === kind;
  if (!pattern.endsWith('/*')) {
    const only = bytesOf(pattern);
    return (act) => act.kind === kind && 'path' in act && act.path.bytes === only;
  }
  const folder = bytesOf(pattern.slice(0, -2));
  const below = `${folder}/`;
  return (act) =>
    act.kind === kind && 'path' in act && (act.path.bytes.startsWith(below) || act.path.bytes === folder);
}

function nameMatcher(kind: 'spawn_agent' | 'message', names: readonly string[]): Matcher {
  if (names[0] === '*') return (act) => act.kind === kind;
  const listed = new Set(names);
  return (act) => act.kind === kind && listed.has(act.name);
}

function commandMatches({ words, rest }: CommandPattern, argv: readonly string[]): boolean {
  if (argv.length === 0 || (rest ? argv.length < words.length : argv.length !== words.length)) return false;
  return words.every((word, i) => word === null || word === argv[i]);
}

function hostMatches({ host, ports }: HostPattern, name: string, port: number): boolean {
  if (ports && (port < ports.from || port > ports.to)) return false;
  return host === name || host === '*' || (host.startsWith('*.') && isBelow(name, host.slice(1)));
}

/** A whole name, its last labels given with their dot; `connection` has seen to the spelling. */
export function isBelow(name: string, dotted: string): boolean {
  return name.length > dotted.length && name.endsWith(dotted) && !name.startsWith('.');
}
