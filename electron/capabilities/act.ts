import { canonicalHost, writeHostPattern } from '../../shared/capability/host-pattern.ts';
import { writeCapability } from '../../shared/capability/text.ts';
import { Problem } from '../../shared/problem.ts';
import type { RealPath } from './real-path.ts';

export type PathAct = 'file_read' | 'file_write' | 'cargo_run' | 'git_commit';

/** One thing an agent wants to do, in full: no patterns, one host, one name. */
export type Act =
  | { readonly kind: PathAct; readonly path: RealPath }
  | { readonly kind: 'exec'; readonly argv: readonly string[] }
  | { readonly kind: 'network'; readonly host: string; readonly port: number }
  | { readonly kind: 'tool' | 'spawn_agent' | 'message' | 'custom'; readonly name: string }
  | { readonly kind: 'web_search' };

/** A connection; the host in its one spelling, however it was written. */
export function connection(host: string, port: number): Act {
  const name = canonicalHost(host);
  if (name === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Problem(
      'invalid_input',
      `“${host}”, port ${port}, is nothing to connect to.`,
      'Name a host and a port.',
    );
  }
  return { kind: 'network', host: name, port };
}

/** The act as the record tells it, at most so many letters. */
export function actText(act: Act, most = 1000): string {
  const text = wholeText(act).toWellFormed();
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}

function wholeText(act: Act): string {
  switch (act.kind) {
    case 'exec':
      return writeCapability({ kind: 'exec', command: { words: [...act.argv], rest: false } });
    case 'network':
      return `network: ${writeHostPattern({ host: act.host, ports: { from: act.port, to: act.port } })}`;
    case 'web_search':
      return 'web_search';
    case 'tool':
    case 'spawn_agent':
    case 'message':
    case 'custom':
      return `${act.kind}: ${act.name}`;
    case 'file_read':
    case 'file_write':
    case 'cargo_run':
    case 'git_commit':
      return `${act.kind}: ${act.path.toString()}`;
  }
}
