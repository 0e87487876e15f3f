import type { Capability } from '../../../shared/capability.ts';
import type { LiveRule } from './live-rule.ts';

/**
 * How much a rule says, to be compared from the first number on: what it is about, then the tool, the agent, and
 * where it holds. A rule that is about part of what another is about always says more.
 */
export function specificity({ what, agent, scope }: Pick<LiveRule, 'what' | 'agent' | 'scope'>): number[] {
  const about =
    what.capability === null ? (what.exactly === null ? -1 : Infinity) : argument(what.capability);
  const place = scope.kind === 'session' ? Infinity : scope.kind === 'project' ? depth(scope.folder) + 1 : 0;
  return [about, what.tool === null || what.tool === '*' ? 0 : 1, agent === null ? 0 : 1, place];
}

export function compareSpecificity(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) > (b[i] ?? 0) ? 1 : -1;
  return 0;
}

function argument(capability: Capability): number {
  switch (capability.kind) {
    case 'file_read':
    case 'file_write':
      return path(capability.path);
    case 'exec': {
      const { words, rest } = capability.command;
      return words.reduce((sum, word) => sum + (word === null ? 1 : 2), rest ? 0 : 1);
    }
    case 'network':
      return Math.min(
        ...capability.hosts.map(({ host, ports }) => {
          const name = host === '*' ? 0 : host.startsWith('*.') ? host.split('.').length : 1000;
          return name + (ports === null ? 0 : 1 - (ports.to - ports.from) / 65_536);
        }),
      );
    case 'spawn_agent':
      return capability.names[0] === '*' ? 0 : 1 / capability.names.length;
    case 'message':
      return capability.targets[0] === '*' ? 0 : 1 / capability.targets.length;
    case 'tool':
    case 'web_search':
    case 'cargo_run':
    case 'git_commit':
    case 'custom':
      return 0;
  }
}

function path(pattern: string): number {
  if (pattern === '*') return 0;
  return pattern.endsWith('/*') ? 2 * depth(pattern.slice(0, -2)) : 2 * depth(pattern) + 1;
}

const depth = (folder: string) => folder.split('/').filter((name) => name !== '').length;
