import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capability } from '../capability.ts';
import { Problem } from '../problem.ts';
import { readCapabilities, readCapability, writeCapability } from './text.ts';
import { deedOfText, sentenceOf } from './words.ts';

const long = `${'a'.repeat(63)}.example`;

test.each<[written: unknown, canonical: string]>([
  ['web_search', 'web_search'],
  ['  file_read: /p/*  ', 'file_read: /p/*'],
  ['file_read:/p', 'file_read: /p'],
  ['file_write: /a/./b//../c/', 'file_write: /a/c'],
  ['file_read: /data*', 'file_read: /data/*'],
  ['file_read: /*', 'file_read: *'],
  ['file_read: /Daten/Größe/*', 'file_read: /Daten/Größe/*'],
  ['file_read: /with space, and comma/*', 'file_read: /with space, and comma/*'],
  ['network: host2, HOST1', 'network: host1, host2'],
  ['network: https://user:secret@API.Example.org/v1?x#y', 'network: api.example.org'],
  ['network: https://api.example.org:8443/v1', 'network: api.example.org:8443'],
  ['network: example.org:443, example.org:8000-8099', 'network: example.org:443, example.org:8000-8099'],
  ['network: [::1]', 'network: [::1]'],
  ['network: [::FFFF:127.0.0.1]:80', 'network: [::ffff:7f00:1]:80'],
  ['network: [a.org, [::1]:80]', 'network: [::1]:80, a.org'],
  [
    'network: 0x7f.1, bücher.example., *.example.org',
    'network: *.example.org, 127.0.0.1, xn--bcher-kva.example',
  ],
  [`network: ${long}`, `network: ${long}`],
  ['network: *:443', 'network: *:443'],
  ['spawn_child: [b, a, b]', 'spawn_agent: a, b'],
  ['spawn_agent: *', 'spawn_agent: *'],
  ['spawn_agent: a, *', 'spawn_agent: *'],
  ['message_send: a', 'message: a'],
  ['message: [the writer]', 'message: the writer'],
  ['tool: mcp.files.read', 'tool: mcp.files.read'],
  ['cargo_run: /ws', 'cargo_run: /ws'],
  ['git_commit: /ws/*', 'git_commit: /ws/*'],
  ['exec: git   status *', 'exec: git status *'],
  ['exec: *', 'exec: *'],
  [`exec: grep * 'a b' "*" ""`, 'exec: grep * "a b" "*" ""'],
  ['deploy', 'custom: deploy'],
  ['deploy: staging', 'custom: deploy: staging'],
  ['tool_box', 'custom: tool_box'],
  ['custom: deploy {"b":1,"a":[null]}', 'custom: deploy {"a":[null],"b":1}'],
  [{ name: 'deploy', to: 'staging' }, 'custom: deploy {"to":"staging"}'],
  [{ name: 'deploy', params: { to: 'staging' } }, 'custom: deploy {"to":"staging"}'],
  [{ name: 'a "quoted" {name}' }, String.raw`custom: "a \"quoted\" {name}"`],
  [{ file_read: '/p/*' }, 'file_read: /p/*'],
  [{ spawn_child: ['b', 'a'] }, 'spawn_agent: a, b'],
  [{ exec: ['git', 'log', '--format=%h %s', '*'] }, 'exec: git log "--format=%h %s" *'],
  [{ web_search: null }, 'web_search'],
])('%j is read as “%s”', (written, canonical) => {
  const capability = readCapability(written);
  expect(writeCapability(capability)).toBe(canonical);
  expect(readCapability(canonical)).toEqual(capability);
});

test.each<[written: unknown, message: string]>([
  ['', 'capabilities[0], character 1: it is empty.'],
  ['file_read', 'capabilities[0], character 10: file_read says nothing of what.'],
  ['file_read:   ', 'capabilities[0], character 11: file_read says nothing of what.'],
  ['file_read: data/*', 'capabilities[0], character 12: a path begins with “/”.'],
  ['file_read: /a/*/b', 'capabilities[0], character 15: “*” stands only at the end.'],
  ['file_read: /a/**', 'capabilities[0], character 15: “*” stands only at the end.'],
  ['file_read: /a\0b', 'capabilities[0], character 14: this character cannot be shown.'],
  ['file_read: /a\uD800', 'capabilities[0], character 14: this character cannot be shown.'],
  ['web_search: x', 'capabilities[0], character 11: web_search stands alone.'],
  ['network: a.org, b c', 'capabilities[0], character 17: “b c” is no host.'],
  ['network: a.org,', 'capabilities[0], character 16: a host is missing.'],
  ['network: a.org:0', 'capabilities[0], character 16: “0” is no port.'],
  ['network: a.org:90-80', 'capabilities[0], character 16: “90-80” is no port.'],
  ['network: ::1', 'capabilities[0], character 10: “::1” is no host.'],
  ['network: *.org', 'capabilities[0], character 10: “*.org” is no host.'],
  ['spawn_agent: [a, ]', 'capabilities[0], character 18: a name is missing.'],
  ['tool: a, b', 'capabilities[0], character 7: “a, b” is no name.'],
  ['exec: git "a', 'capabilities[0], character 11: a quotation mark is not where a word begins and ends.'],
  ['exec: git src/*', 'capabilities[0], character 15: “*” stands for whole arguments only.'],
  ['exec: * x', 'capabilities[0], character 7: the command itself is not named.'],
  ['custom: deploy {"a":', 'capabilities[0], character 16: this is no JSON.'],
  [{ spawn_child: ['a', 3] }, 'capabilities[0].spawn_child[1], character 1: it is no text.'],
  [{ network: ['a.org', 'b c'] }, 'capabilities[0].network[1], character 1: “b c” is no host.'],
  [{ name: 'file_read', path: '/x' }, 'capabilities[0], character 1: file_read is not custom.'],
  [{ a: '1', b: '2' }, 'capabilities[0], character 1: the map has no name.'],
  [7, 'capabilities[0], character 1: it is neither a text nor a map.'],
  [
    `custom: deep {"a":${'['.repeat(900)}${']'.repeat(900)}}`,
    'capabilities[0], character 14: the parameters are no JSON object.',
  ],
])('%j is refused with its place and a mend', (written, message) => {
  let thrown: unknown;
  try {
    readCapabilities([written]);
  } catch (problem) {
    thrown = problem;
  }
  expect(thrown).toBeInstanceOf(Problem);
  expect(thrown).toMatchObject({ code: 'invalid_input', message });
  expect((thrown as Problem).mend).toMatch(/\.$/);
});

test.each([
  ['file_read: /data/*', 'may read /data and everything below'],
  ['file_write: *', 'may write everything'],
  ['network: *.a.org:443, b.org', 'may connect to every host below a.org on port 443 and b.org'],
  ['exec: git status *', 'may run “git status” with any further arguments'],
  ['exec: *', 'may run any command'],
  ['spawn_agent: a, b, c', 'may start a, b and c'],
  ['message: *', 'may send messages to any agent'],
  ['cargo_run: /ws', 'may check, test, lint and format with cargo in /ws'],
  ['deploy', 'may use “deploy”'],
])('“%s” in words: %s', (written, words) => {
  expect(sentenceOf(readCapability(written))).toBe(words);
  expect(deedOfText(written)).toBe(words.slice(4));
});

test('limits are said behind the right', () => {
  const limits = { uses: 5, perMinute: 1, expires: '2026-03-01T10:00:00Z' };
  expect(sentenceOf({ kind: 'web_search' }, limits)).toBe(
    'may search the web, 5 times, at most once a minute, until 2026-03-01T10:00:00Z',
  );
});

test('whatever text is understood, its canonical text means the same and stays as it is', () => {
  const word = fc.constantFrom(
    'file_read',
    'network',
    'exec',
    'spawn_child',
    'tool',
    'custom',
    'message',
    'x',
  );
  const rest = fc.array(
    fc.oneof(
      fc.constantFrom('/', '*', '.', '..', ':', ',', ' ', '[', ']', '"', "'", '{', '}', 'a', '::1', '80'),
      fc.string(),
    ),
  );
  fc.assert(
    fc.property(word, rest, (kind, parts) => {
      let capability: Capability;
      try {
        capability = readCapability(`${kind}: ${parts.join('')}`);
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'Problem', code: 'invalid_input' });
        return;
      }
      const text = writeCapability(capability);
      expect(readCapability(text)).toEqual(capability);
      expect(writeCapability(readCapability(text))).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
