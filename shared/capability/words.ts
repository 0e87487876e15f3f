import type { Capability, Limits } from '../capability.ts';
import { writeCommandPattern } from './command-pattern.ts';
import type { HostPattern } from './host-pattern.ts';
import { readCapability } from './text.ts';

/** What a capability lets an agent do, to follow “may”. */
export function deedOf(capability: Capability): string {
  switch (capability.kind) {
    case 'file_read':
      return `read ${place(capability.path)}`;
    case 'file_write':
      return `write ${place(capability.path)}`;
    case 'exec':
      return command(capability.command);
    case 'network':
      return `connect to ${list(capability.hosts.map(host))}`;
    case 'tool':
      return capability.name === '*' ? 'call every tool' : `call the tool ${capability.name}`;
    case 'spawn_agent':
      return `start ${everyOr(capability.names, 'any agent')}`;
    case 'message':
      return `send messages to ${everyOr(capability.targets, 'any agent')}`;
    case 'web_search':
      return 'search the web';
    case 'cargo_run':
      return `check, test, lint and format with cargo in ${place(capability.folder)}`;
    case 'git_commit':
      return `add and commit with git in ${place(capability.folder)}`;
    case 'custom': {
      const count = Object.keys(capability.params).length;
      return `use “${capability.name}”${count > 0 ? ` (${count === 1 ? 'one parameter' : `${count} parameters`})` : ''}`;
    }
  }
}

/** One sentence for people: “may read /data and everything below, 5 times”. */
export function sentenceOf(capability: Capability, limits?: Limits): string {
  return `may ${deedOf(capability)}${limits ? limitsInWords(limits) : ''}`;
}

/** The same from the canonical text; a text of another version stays as it is. */
export function deedOfText(text: string): string {
  try {
    return deedOf(readCapability(text));
  } catch {
    return `use “${text}”`;
  }
}

export function limitsInWords({ uses, perMinute, expires }: Limits): string {
  const parts = [
    uses === null ? '' : uses === 1 ? ', once' : `, ${uses} times`,
    perMinute === null ? '' : `, at most ${perMinute === 1 ? 'once' : `${perMinute} times`} a minute`,
    expires === null ? '' : `, until ${expires}`,
  ];
  return parts.join('');
}

function place(pattern: string): string {
  if (pattern === '*') return 'everything';
  return pattern.endsWith('/*') ? `${pattern.slice(0, -2)} and everything below` : pattern;
}

function command(pattern: Extract<Capability, { kind: 'exec' }>['command']): string {
  if (pattern.words.length === 0) return 'run any command';
  const exact = { words: pattern.words, rest: false };
  return `run “${writeCommandPattern(exact)}”${pattern.rest ? ' with any further arguments' : ''}`;
}

function host({ host: name, ports }: HostPattern): string {
  const where =
    name === '*' ? 'any host' : name.startsWith('*.') ? `every host below ${name.slice(2)}` : name;
  if (!ports) return where;
  return `${where} on ${ports.from === ports.to ? `port ${ports.from}` : `ports ${ports.from} to ${ports.to}`}`;
}

function everyOr(names: readonly string[], every: string): string {
  return names[0] === '*' ? every : list(names);
}

function list(things: readonly string[]): string {
  return things.length < 2 ? (things[0] ?? '') : `${things.slice(0, -1).join(', ')} and ${things.at(-1)}`;
}
