import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { ResultPart } from '../../shared/conversation.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { createNamespaceExecutor } from '../sandbox/namespace-executor.ts';
import { tools } from '../tools/catalogue.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { testFolder } from './testing/some-sessions.ts';

type Call = readonly [tool: string, input: Record<string, unknown>];

/** One turn of an agent with these calls in a folder that it may write; what the model heard of each. */
async function heard(folder: string, calls: readonly Call[], network: readonly string[] = []) {
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data: join(folder, 'data'),
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  const capabilities = [
    ...tools.map(({ name }) => `tool: ${name}`),
    'file_read: $folder/*',
    'file_write: $folder/*',
    'exec: *',
  ];
  let last: readonly ResultPart[] = [];
  const { sessions } = await someAgentSessions({
    folder,
    executor,
    agents: [someAgent({ capabilities, network: [...network] })],
    tools,
    models: (record) =>
      new ScriptedModels(record, ({ messages }) => {
        last = messages.flatMap(({ parts }) => parts.filter((part) => part.kind === 'result'));
        return last.length > 0
          ? { text: 'done' }
          : { calls: calls.map(([tool, input]) => ({ tool, input })) };
      }),
  });
  const folders = [{ path: join(folder, 'work'), mode: 'rw' as const }];
  const { id } = await sessions.open(agentSessionWishSchema.parse({ agent: 'tester', folders }), operator);
  await sessions.send(id, [{ kind: 'text', text: 'go' }], operator);
  await until(sessions, id, rested);
  return last.map(({ ok, content: [said] }) => ({ ok, text: said?.kind === 'text' ? said.text : '' }));
}

/** A server on this machine. */
async function server(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        made.close(() => resolve());
        made.closeAllConnections();
      }),
  );
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

function workPlace(): { folder: string; work: string } {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const work = join(folder, 'work');
  for (const place of [work, join(work, 'out'), join(work, 'kept')]) {
    mkdirSync(place);
    chmodSync(place, 0o777);
  }
  return { folder, work };
}

test('a path that leads elsewhere by a link is not gone along: what was allowed was the path itself', async () => {
  const { folder, work } = workPlace();
  writeFileSync(join(work, 'kept', 'file'), 'as it was');
  chmodSync(join(work, 'kept', 'file'), 0o666);
  symlinkSync('../kept', join(work, 'out', 'way'));
  const told = await heard(folder, [
    ['file_write', { path: 'out/way/file', content: 'mine' }],
    ['file_write', { path: 'out/way/new', content: 'mine' }],
    ['file_edit', { path: 'out/way/file', old_string: 'was', new_string: 'is' }],
    ['file_read', { path: 'out/way/file' }],
    ['file_list', { path: 'out/way/' }],
    ['grep', { pattern: 'was', path: 'out/way' }],
    ['file_list', { path: 'kept/' }],
    ['file_write', { path: 'out/../kept/other', content: 'mine' }],
  ]);
  expect(told.map(({ ok }) => ok)).toEqual([false, false, false, false, false, false, true, true]);
  expect(told[0]?.text).toContain(`leads through a link to ${join(work, 'kept', 'file')}`);
  expect(readFileSync(join(work, 'kept', 'file'), 'utf8')).toBe('as it was');
});

test('a command that says much before it reads what it is given ends all the same', async () => {
  const { folder } = workPlace();
  const command = 'head -c 3000000 /dev/zero | tr "\\0" y; wc -c';
  const [told] = await heard(folder, [['exec', { command, stdin: 'x'.repeat(900_000) }]]);
  expect([told?.ok, told?.text.includes('900000')]).toEqual([true, true]);
});

test('a redirect to another host is told and not followed: nobody was asked about that one', async () => {
  const { folder } = workPlace();
  const other = await server((_, response) => response.end('not asked for'));
  const host = await server(({ url }, response) => {
    const location = url === '/away' ? `http://${other}/` : '/here';
    if (url === '/here') response.end('plain words');
    else response.writeHead(302, { location }).end();
  });
  const calls: Call[] = [
    ['web_fetch', { url: `http://${host}/once` }],
    ['web_fetch', { url: `http://${host}/away` }],
    ['web_fetch', { url: `http://example.org@${host}/here` }],
    ['http_request', { url: 'http://аpple.com/' }],
    ['http_request', { url: 'http://[::ffff:127.0.0.1]/' }],
  ];
  const told = await heard(folder, calls, [host, other]);
  expect(told.map(({ ok }) => ok)).toEqual([true, false, false, false, false]);
  expect(told[1]?.text).toContain(`redirects to http://${other}/`);
  for (const { text } of told.slice(2)) expect(text).toContain('does not begin with its host');
});
