import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { composeServer } from './compose-server.ts';
import { ServerFile } from './server-file.ts';

function someFile(text?: string): { path: string; file: ServerFile } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-servers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'mcp.yaml');
  if (text !== undefined) writeFileSync(path, text);
  return { path, file: new ServerFile(path) };
}

const web = 'transport: { kind: http, url: "https://example.org/mcp" }\n';

test('a server is written beside the others, whose comments stay', async () => {
  const { path, file } = someFile(`# mine\nservers:\n  # first\n  web:\n    ${web}`);
  await file.save('files', 'transport:\n  kind: stdio\n  command: [mcp-files] # all of it\n');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('# mine');
  expect(text).toContain('# first');
  expect(text).toContain('# all of it');
  const all = await file.all();
  expect(all.map(({ name, problem }) => [name, problem])).toEqual([
    ['web', null],
    ['files', null],
  ]);
  expect(await file.remove('web')).toBe(true);
  expect((await file.all()).map(({ name }) => name)).toEqual(['files']);
});

test('a mistake is told at its place and hides no other server', async () => {
  const { file } = someFile(
    `servers:\n  a:\n    transport: { kind: pigeon }\n  Bad Name: {}\n  web:\n    ${web}other: 1\n`,
  );
  const all = await file.all();
  expect(all.map(({ name, value }) => [name, value !== null])).toEqual([
    ['a', false],
    ['Bad Name', false],
    ['web', true],
    ['mcp.yaml', false],
  ]);
  expect(all[0]!.problem).toMatch(/^line 3, column \d+, transport/);
  expect(all[3]!.problem).toContain('no field “other”');
});

test('what could not be used is not written, and a file that is no YAML is not overwritten', async () => {
  const { path, file } = someFile('servers: [\n');
  await expect(file.save('web', 'transport: { kind: http }\n')).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await expect(file.save('web', web)).rejects.toMatchObject({ code: 'conflict' });
  expect(readFileSync(path, 'utf8')).toBe('servers: [\n');
});

test('fields are set as a form does', () => {
  const set = [
    { field: ['transport'], value: { kind: 'stdio', command: ['x'] } },
    { field: ['tools', 'a.b', 'level'], value: 'deny' },
  ];
  expect(composeServer('# kept\ntransport: old\n', set)).toContain('# kept');
  expect(composeServer('', set)).toContain('a.b');
  expect(
    composeServer(composeServer('', set), [{ field: ['tools', 'a.b', 'level'], value: null }]),
  ).not.toContain('a.b');
});
