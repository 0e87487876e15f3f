import fc from 'fast-check';
import type { Capability } from '../../../shared/capability.ts';
import { readCapability } from '../../../shared/capability/text.ts';
import { type Act, connection } from '../act.ts';
import { bytesOf, RealPath } from '../real-path.ts';

/** A path as if it had been opened: for matching alone, where no file system is asked. */
export function somewhere(path: string): RealPath {
  return new RealPath(bytesOf(path), 1);
}

const name = fc.constantFrom('a', 'b', 'c');
const path = fc
  .array(fc.constantFrom('d', 'data', 'data-foo', 'é'), { maxLength: 3 })
  .map((names) => `/${names.join('/')}`);
const pathPattern = fc.oneof(
  fc.constant('*'),
  path,
  path.map((folder) => `${folder === '/' ? '' : folder}/*`),
);
const host = fc.constantFrom('x.org', 'a.x.org', 'b.a.x.org', 'ax.org', '127.0.0.1');
const port = fc.integer({ min: 1, max: 4 });
const ports = fc.oneof(
  fc.constant(''),
  port.map((one) => `:${one}`),
  fc.tuple(port, port).map(([a, b]) => `:${Math.min(a, b)}-${Math.max(a, b)}`),
);
const hostPattern = fc
  .tuple(fc.oneof(host, fc.constantFrom('*', '*.x.org', '*.a.x.org')), ports)
  .map((parts) => parts.join(''));
const several = (one: fc.Arbitrary<string>) =>
  fc.array(one, { minLength: 1, maxLength: 3 }).map((list) => list.join(', '));
const command = fc
  .array(fc.constantFrom('a', 'b', '*'), { maxLength: 4 })
  .map((words) => (words.length === 0 ? '*' : ['git', ...words].join(' ')));
const pathKind = fc.constantFrom('file_read', 'file_write', 'cargo_run', 'git_commit');

const texts: fc.Arbitrary<[string, string]>[] = [
  fc.tuple(pathKind, pathPattern),
  fc.tuple(fc.constant('network'), several(hostPattern)),
  fc.tuple(fc.constant('tool'), fc.oneof(name, fc.constant('*'))),
  fc.tuple(fc.constantFrom('spawn_agent', 'message'), several(fc.oneof(name, fc.constant('*')))),
  fc.tuple(fc.constant('exec'), command),
  fc.tuple(fc.constant('custom'), fc.constantFrom('a', 'b', 'a {"x":1}')),
];

/** Several of about the same kind, so that one often covers another. */
export const alikeCapabilities: fc.Arbitrary<Capability[]> = fc
  .oneof(...texts.map((text) => fc.array(text, { minLength: 2, maxLength: 8 })))
  .map((list) => list.map((parts) => readCapability(parts.join(': '))));

export const someAct: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(pathKind, path).map(([kind, at]): Act => ({ kind, path: somewhere(at) })),
  fc.tuple(host, port).map(([to, at]) => connection(to, at)),
  fc
    .tuple(fc.constantFrom('tool', 'spawn_agent', 'message', 'custom'), name)
    .map(([kind, one]): Act => ({ kind, name: one })),
  fc
    .array(fc.constantFrom('a', 'b'), { maxLength: 4 })
    .map((args): Act => ({ kind: 'exec', argv: ['git', ...args] })),
  fc.constant<Act>({ kind: 'web_search' }),
);
