import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCapability } from '../../shared/capability/text.ts';
import { count } from '../base/test-counts.ts';
import { type Act, connection } from './act.ts';
import { covers } from './covering.ts';
import { matcherOf } from './matching.ts';
import { alikeCapabilities, someAct, somewhere } from './testing/some-capabilities.ts';

const reading = (path: string): Act => ({ kind: 'file_read', path: somewhere(path) });
const running = (...argv: string[]): Act => ({ kind: 'exec', argv });
const named = (kind: 'tool' | 'spawn_agent' | 'message' | 'custom', name: string): Act => ({ kind, name });

test.each<[granted: string, act: Act, permitted: boolean]>([
  // The rules of aaOS.
  ['file_read: *', reading('/etc/passwd'), true],
  ['file_read: /data/*', reading('/data'), true],
  ['file_read: /data/*', reading('/data/a/b'), true],
  ['file_read: /data/*', reading('/data-foo'), false],
  ['file_read: /data/*', reading('/data-foo/a'), false],
  ['file_read: /data/*', reading('/'), false],
  ['file_read: /data/../etc/*', reading('/etc/hosts'), true],
  ['file_read: /data', reading('/data'), true],
  ['file_read: /data', reading('/data/a'), false],
  ['file_write: *', reading('/data'), false],
  ['cargo_run: /ws/*', { kind: 'cargo_run', path: somewhere('/ws/a') }, true],
  ['cargo_run: /ws', { kind: 'git_commit', path: somewhere('/ws') }, false],
  ['git_commit: /ws', { kind: 'git_commit', path: somewhere('/ws') }, true],
  ['network: *', connection('x.org', 1), true],
  ['network: x.org, y.org', connection('Y.org.', 443), true],
  ['network: x.org', connection('a.x.org', 443), false],
  ['spawn_child: *', named('spawn_agent', 'a'), true],
  ['spawn_child: [a, b]', named('spawn_agent', 'b'), true],
  ['spawn_child: [a, b]', named('spawn_agent', 'c'), false],
  ['tool: a', named('tool', 'a'), true],
  ['tool: *', named('tool', 'b'), true],
  ['tool: a', named('tool', 'ab'), false],
  ['message_send: a', named('message', 'a'), true],
  ['message_send: a', named('message', '*'), false],
  ['web_search', { kind: 'web_search' }, true],
  ['deploy', named('custom', 'deploy'), true],
  ['custom: deploy {"to":"staging"}', named('custom', 'deploy'), true],
  ['deploy', named('custom', 'destroy'), false],
  // What is ours.
  ['file_read: /Data/*', reading('/data/a'), false],
  ['file_read: /é/*', reading('/e\u0301/a'), false],
  ['network: x.org:443', connection('x.org', 443), true],
  ['network: x.org:443', connection('x.org', 80), false],
  ['network: x.org:8000-8099', connection('x.org', 8099), true],
  ['network: *:443', connection('any.org', 443), true],
  ['network: *.x.org', connection('a.b.x.org', 1), true],
  ['network: *.x.org', connection('x.org', 1), false],
  ['network: *.x.org', connection('evilx.org', 1), false],
  ['network: 127.0.0.1', connection('0x7f000001', 80), true],
  ['network: [::1]', connection('[0:0::1]', 80), true],
  ['exec: *', running('rm', '-rf', '/'), true],
  ['exec: git status', running('git', 'status'), true],
  ['exec: git status', running('git', 'status', '-s'), false],
  ['exec: git status', running('git status'), false],
  ['exec: git status *', running('git', 'status'), true],
  ['exec: git status *', running('git', 'status', '-s', '--', 'a'), true],
  ['exec: git status *', running('git', 'push'), false],
  ['exec: git * --stat', running('git', 'diff', '--stat'), true],
  ['exec: git * --stat', running('git', '--stat'), false],
  ['exec: git *', running('/usr/bin/git', 'status'), false],
  ['exec: *', running(), false],
])('“%s” and %o: %s', (granted, act, permitted) => {
  expect(matcherOf(readCapability(granted))(act)).toBe(permitted);
});

test('a host is judged in its one spelling, and what is none is refused', () => {
  for (const host of [
    '',
    'a b',
    'x.org:80',
    'x.org/..',
    '*.x.org',
    '.x.org',
    'a..x.org',
    'user@x.org',
    '[::1',
  ]) {
    expect(() => connection(host, 80), host).toThrow('is nothing to connect to');
  }
  for (const port of [0, -1, 1.5, 65_536, NaN])
    expect(() => connection('x.org', port)).toThrow('nothing to connect');
});

test('what a covered capability permits, the covering one permits too', () => {
  let met = 0;
  fc.assert(
    fc.property(
      alikeCapabilities,
      fc.array(someAct, { minLength: 10, maxLength: 40 }),
      (capabilities, acts) => {
        for (const outer of capabilities) {
          expect(covers(outer, outer)).toBe(true);
          for (const inner of capabilities.filter((one) => covers(outer, one))) {
            const permitted = acts.filter(matcherOf(inner));
            met += permitted.length;
            expect(permitted.filter(matcherOf(outer))).toEqual(permitted);
          }
        }
      },
    ),
    { numRuns: count(1000, 50_000) },
  );
  expect(met).toBeGreaterThan(1000);
});

test.each([
  ['file_read: /a/*', 'file_read: /a/b/*', true],
  ['file_read: /a/*', 'file_read: /a', true],
  ['file_read: /a', 'file_read: /a/*', false],
  ['file_read: /a/*', 'file_read: *', false],
  ['file_read: /a/*', 'file_write: /a/b', false],
  ['network: *', 'network: a.org:80', true],
  ['network: a.org:80-90', 'network: a.org:85', true],
  ['network: a.org:80', 'network: a.org', false],
  ['network: *.a.org', 'network: *.b.a.org', true],
  ['network: *.a.org', 'network: *', false],
  ['exec: git *', 'exec: git status *', true],
  ['exec: git status', 'exec: git *', false],
  ['exec: git * *', 'exec: git *', false],
  ['spawn_agent: a, b', 'spawn_agent: *', false],
  ['custom: a {"x":1}', 'custom: a', false],
])('“%s” covers “%s”: %s', (outer, inner, covered) => {
  expect(covers(readCapability(outer), readCapability(inner))).toBe(covered);
});
