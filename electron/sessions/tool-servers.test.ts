import { expect, test } from 'vitest';
import { never, operator } from './testing/some-sessions.ts';
import { everything, nodeServer, someServers } from './testing/some-servers.ts';

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
