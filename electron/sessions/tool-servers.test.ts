import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { never, operator } from './testing/some-sessions.ts';
import { everything, filesystem, nodeServer, serversOver, someServers } from './testing/some-servers.ts';

test('the official server of everything is started, seen, accepted and called, and leaves nothing behind', async () => {
  const { servers, events } = await someServers();
  await servers.save('everything', nodeServer(everything), operator);
  expect(await servers.list()).toMatchObject([
    { name: 'everything', state: 'idle', tools: null, changed: 0 },
  ]);
  const page = await servers.start('everything');
  expect(page.row).toMatchObject({ state: 'ready', problem: null });
  expect(page.tools.map(({ name }) => name)).toContain('echo');
  expect(page.tools.every(({ accepted }) => !accepted)).toBe(true);
  expect(page.resources.length).toBeGreaterThan(0);
  expect(page.prompts.length).toBeGreaterThan(0);
  expect(page.layers.length).toBeGreaterThan(3);
  const said = await servers.tryCall('everything', 'echo', { message: 'hello' }, operator, never);
  expect(said).toMatchObject({ ok: true, text: 'Echo: hello' });
  const environment = await servers.tryCall('everything', 'get-env', {}, operator, never);
  const names = Object.keys(JSON.parse(environment.text) as object).toSorted();
  expect(names).toEqual(['HOLDFAST', 'HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'TMPDIR', 'USER']);
  await servers.ready();
  expect(servers.tools().filter(({ name }) => name.startsWith('mcp.everything.'))).toEqual([]);
  const echo = page.tools.find(({ name }) => name === 'echo')!;
  const after = await servers.accept('everything', [echo.digest], operator);
  expect(after.row.changed).toBe(page.tools.length - 1);
  await servers.ready();
  expect(servers.tools().map(({ name }) => name)).toContain('mcp.everything.echo');
  await servers.stop('everything');
  expect((await events('tool_server.ended')).length).toBe(1);
  expect((await events('capability.revoked')).length).toBeGreaterThan(0);
});

test('the official server of files sees its folder and nothing else, and what cannot be contained is refused', async () => {
  const { servers, folder, data } = await someServers();
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(folder, 0o755);
  chmodSync(work, 0o755);
  writeFileSync(join(work, 'file'), 'its content', { mode: 0o644 });
  writeFileSync(join(folder, 'outside'), 'not granted', { mode: 0o644 });
  // It is told that it may see everything; the sandbox knows better.
  const folders = [{ path: work, mode: 'ro' as const }];
  await servers.save('files', nodeServer(filesystem, { args: ['/'], folders }), operator);
  const call = (tool: string, input: object) => servers.tryCall('files', tool, input, operator, never);
  expect(await call('read_text_file', { path: join(work, 'file') })).toMatchObject({
    ok: true,
    text: 'its content',
  });
  for (const path of [join(folder, 'outside'), join(data, 'operator.token')]) {
    expect(await call('read_text_file', { path })).toMatchObject({ ok: false });
  }
  expect(await call('write_file', { path: join(work, 'new'), content: 'x' })).toMatchObject({ ok: false });
  const refused = async (path: string, mode: string) => {
    const transport = { kind: 'stdio', command: ['true'], folders: [{ path, mode }] };
    await servers.save('other', JSON.stringify({ transport }), operator);
    return (await servers.start('other')).row;
  };
  expect(await refused(work, 'review')).toMatchObject({
    state: 'waiting',
    mend: 'Give the folder to read (ro), or to write (rw).',
  });
  expect((await refused(data, 'ro')).problem).toContain('Holdfast’s own places');
  expect((await refused('/', 'ro')).problem).toContain('whole file system');
  expect((await refused(join(folder, 'nowhere'), 'ro')).problem).toContain('no folder');
  const own = join(folder, 'configuration', 'bin', 'own-server');
  mkdirSync(dirname(own), { recursive: true });
  writeFileSync(own, '#!/bin/sh\n', { mode: 0o755 });
  const transport = { kind: 'stdio', command: ['own-server'] };
  await servers.save('own', JSON.stringify({ transport }), operator);
  expect((await servers.start('own')).row).toMatchObject({
    problem: 'The server could not be run: There is no such program.',
    mend: `Your own lies where no sandbox looks. Make its command begin with \`${own}\`, and give it \`${dirname(own)}\` to read.`,
  });
});

test('what a killed life left of a server is taken from it when somebody asks again', async () => {
  const { parts, tokens, record, folder, events } = await someServers();
  const session = newId('session', new Date());
  const system = { kind: 'system' } as const;
  await record.append({
    kind: 'tool_server.starting',
    actor: system,
    data: { server: 'far', session, at: 'https://example.org/' },
  });
  const hosts = [{ host: 'example.org', ports: null }];
  await tokens.issue({ agent: session, capability: { kind: 'network', hosts } }, system);
  await serversOver(parts, join(folder, 'configuration'));
  expect(tokens.held(session)).toEqual([]);
  expect((await events('tool_server.ended')).map(({ data }) => data)).toEqual([
    { server: 'far', session, reason: 'Holdfast was killed while it ran' },
  ]);
});
