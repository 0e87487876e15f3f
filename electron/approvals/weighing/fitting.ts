import { posix } from 'node:path';
import type { Capability } from '../../../shared/capability.ts';
import type { CommandPattern } from '../../../shared/capability/command-pattern.ts';
import { namesTool } from '../../../shared/capability/tool-pattern.ts';
import { type Act, connection } from '../../capabilities/act.ts';
import { matcherOf } from '../../capabilities/matching.ts';
import { bytesOf, RealPath } from '../../capabilities/real-path.ts';
import type { LiveRule } from './live-rule.ts';
import type { CommandPart, Part } from './part.ts';

/** A call as rules see it. */
export interface WeighedCall {
  readonly tool: string;
  readonly agent: string | null;
  readonly session: string | null;
  readonly folder: string | null;
  readonly parts: readonly Part[];
  /** The hash of tool and arguments. */
  readonly exactly: string;
}

/** `maybe`: what the part will be is not known, and it could be that. */
export type Fit = 'yes' | 'maybe' | 'no';

/** Whether a rule speaks about this call at all: its agent, its place, its time. */
export function concerns(
  { agent, scope, expires }: Pick<LiveRule, 'agent' | 'scope' | 'expires'>,
  call: Pick<WeighedCall, 'agent' | 'session' | 'folder'>,
  now: number,
): boolean {
  if (expires !== null && Date.parse(expires) <= now) return false;
  if (agent !== null && agent !== call.agent) return false;
  if (scope.kind === 'session') return scope.session === call.session;
  if (scope.kind === 'everywhere') return true;
  return call.folder !== null && isIn(scope.folder, call.folder);
}

/** Whether what a rule is about is this part. What allows has to fit for certain; what refuses or asks may guess. */
export function fit({ what, effect }: Pick<LiveRule, 'what' | 'effect'>, part: Part, call: WeighedCall): Fit {
  if (what.exactly !== null) return what.exactly === call.exactly ? 'yes' : 'no';
  if (what.tool !== null && !namesTool(what.tool, call.tool)) return 'no';
  if (what.capability === null) return 'yes';
  const direct = fitOfArgument(what.capability, part, effect === 'allow');
  if (direct !== 'no' || what.tool === null) return direct;
  // “NAME with …” is also about the call as such, where all that it speaks of fits.
  if (part.kind !== 'action' && part.kind !== 'call') return 'no';
  const fits = call.parts
    .filter((other) => kindOf(other) === what.capability?.kind)
    .map((other) => fitOfArgument(what.capability!, other, effect === 'allow'));
  if (fits.length === 0) return 'no';
  if (effect === 'allow') return fits.every((one) => one === 'yes') ? 'yes' : 'no';
  return fits.includes('yes') ? 'yes' : fits.includes('maybe') ? 'maybe' : 'no';
}

function kindOf(part: Part): Capability['kind'] | null {
  switch (part.kind) {
    case 'read':
      return 'file_read';
    case 'write':
      return 'file_write';
    case 'command':
      return 'exec';
    case 'host':
      return 'network';
    case 'spawn':
      return 'spawn_agent';
    case 'message':
      return 'message';
    case 'action':
    case 'call':
      return null;
  }
}

function fitOfArgument(capability: Capability, part: Part, allowing: boolean): Fit {
  if (kindOf(part) !== capability.kind) {
    // A line whose meaning is not known might write or connect as well as run.
    const guess = !allowing && part.kind === 'command' && part.unclear !== null;
    return guess ? 'maybe' : 'no';
  }
  if (capability.kind === 'exec' && part.kind === 'command') {
    return allowing ? fitToAllow(capability.command, part) : fitToRefuse(capability.command, part);
  }
  return matcherOf(capability)(actOf(part, allowing)) ? 'yes' : 'no';
}

function actOf(part: Part, allowing: boolean): Act {
  switch (part.kind) {
    case 'read':
    case 'write': {
      const plain = posix.normalize(part.path);
      // A path that is not in its simplest form is nothing that a rule allows.
      const path = allowing && plain !== part.path ? '' : plain;
      return {
        kind: part.kind === 'read' ? 'file_read' : 'file_write',
        path: new RealPath(bytesOf(path), null),
      };
    }
    case 'host':
      return connection(part.host, part.port);
    case 'spawn':
      return { kind: 'spawn_agent', name: part.name };
    case 'message':
      return { kind: 'message', name: part.name };
    case 'command':
      return { kind: 'exec', argv: part.argv };
    case 'action':
    case 'call':
      return { kind: 'web_search' };
  }
}

function fitToAllow(pattern: CommandPattern, part: CommandPart): Fit {
  if (part.unclear !== null || part.within) return 'no';
  if (part.careful !== null && (pattern.rest || pattern.words.includes(null) || part.open)) return 'no';
  if (part.open && !pattern.rest) return 'no';
  return matches(pattern, part.argv) ? 'yes' : 'no';
}

/** A program is refused by its name wherever it lies. */
function fitToRefuse(pattern: CommandPattern, part: CommandPart): Fit {
  const [name = ''] = part.argv;
  const spellings = [part.argv, [name.slice(name.lastIndexOf('/') + 1), ...part.argv.slice(1)]];
  const certain = spellings.some((argv) => matches(pattern, argv) && (!part.open || pattern.rest));
  if (certain) return 'yes';
  return part.open && spellings.some((argv) => couldMatch(pattern, argv)) ? 'maybe' : 'no';
}

function matches({ words, rest }: CommandPattern, argv: readonly string[]): boolean {
  if (argv.length === 0 || (rest ? argv.length < words.length : argv.length !== words.length)) return false;
  return words.every((word, i) => word === null || word === argv[i]);
}

/** With further words that are not known. */
function couldMatch({ words, rest }: CommandPattern, argv: readonly string[]): boolean {
  if (!rest && argv.length > words.length) return false;
  return argv.every((word, i) => i >= words.length || words[i] === null || words[i] === word);
}

export function isIn(folder: string, path: string): boolean {
  const root = posix.normalize(folder).replace(/(?<=.)\/$/, '');
  const plain = posix.normalize(path);
  return plain === root || plain.startsWith(root === '/' ? '/' : `${root}/`);
}
