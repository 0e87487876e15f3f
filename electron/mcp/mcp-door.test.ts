import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { overHttp, problemFrom } from '../gateway/testing/callers.ts';
import { openTestHouse } from '../gateway/testing/test-house.ts';
import { openTestDoor } from './testing/open-door.ts';

const person = { kind: 'operator' } as const;

const listRuns = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'list_runs',
    arguments: {},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'a test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

test('who has no token for MCP is not answered, is told how to get one, and is on the record', async () => {
  const house = await openTestHouse();
  const { address, program } = await openTestDoor(house);
  const ask = (headers: Record<string, string>) =>
    fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
  const { value } = await overHttp(house, house.token).access.create({ name: 'reader' });
  for (const headers of [{}, { authorization: 'Bearer no' }, { authorization: `Bearer ${value}` }]) {
    const refused = await ask({ ...headers });
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    const place = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    expect(await (await fetch(place)).json()).toMatchObject({ resource: address });
    expect(await refused.json()).toMatchObject({ code: 'unauthorized' });
  }
  const { value: good } = await program();
  expect((await ask({ authorization: `Bearer ${good}` })).status).not.toBe(401);
  const foreign = await ask({ authorization: `Bearer ${good}`, origin: 'http://evil.example' });
  expect(foreign.status).toBe(403);
  const { events } = await house.record.query({ filter: { kinds: ['access.refused'] }, limit: 10 });
  expect(events.map(({ data }) => data)).toEqual(
    [
      'its Origin is foreign',
      'a token that was not made for MCP',
      'a token that is not in force',
      'no token',
    ].map((reason) => ({ transport: 'mcp', reason, count: 1 })),
  );
});

test('one connection is who its token says, each time anew: a revoked one is refused, another’s is another’s', async () => {
  const house = await openTestHouse();
  const { address, program } = await openTestDoor(house);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ports = new Set<number | undefined>();
  const call = async (token: string) => {
    const asked = request(address, {
      agent,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'list_runs',
      },
    });
    asked.end(listRuns);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    ports.add(answer.socket.localPort);
    answer.resume();
    await once(answer, 'end');
    return answer.statusCode;
  };
  const [one, other] = [await program(), await program()];
  expect(await call(one.value)).toBe(200);
  expect(await call(one.value)).toBe(200);
  expect(await call(other.value)).toBe(200);
  await house.gateway.tokens.revoke(one.id, person);
  expect(await call(one.value)).toBe(401);
  expect(ports.size).toBe(1);
  expect(await call(other.value)).toBe(200);
  await house.gateway.tokens.revoke(other.id, person);
  expect(await call(other.value)).toBe(401);
  const { events } = await house.record.query({ filter: { kinds: ['mcp.called'] }, limit: 10 });
  expect(events.map(({ actor }) => actor.id)).toEqual([other, other, one, one].map(({ id }) => id));
});

test('a port that is taken is told with its mend, and is tried again when somebody asks', async () => {
  const { door } = await openTestDoor(await openTestHouse());
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const taken = await door.serve({ on: true, port }, person);
  expect(taken).toMatchObject({ on: true, port, address: null });
  expect(taken.problem).toContain('in use by another program');
  other.close();
  await once(other, 'close');
  expect(await door.serving()).toEqual({
    on: true,
    port,
    address: `http://127.0.0.1:${port}/mcp`,
    problem: null,
  });
  const off = await door.serve({ on: false, port: null }, person);
  expect(off).toEqual({ on: false, port, address: null, problem: null });
  await expect(fetch(`http://127.0.0.1:${port}/mcp`)).rejects.toThrow();
});

test('who watches hears of another port also while nothing listens', async () => {
  const { door } = await openTestDoor(await openTestHouse());
  await door.serve({ on: false, port: null }, person);
  const leaving = new AbortController();
  const ports: number[] = [];
  for await (const { on, port } of door.watch(leaving.signal)) {
    expect(on).toBe(false);
    if (ports.push(port) === 1) await door.serve({ on: false, port: 4123 }, person);
    else leaving.abort();
  }
  expect(ports.at(-1)).toBe(4123);
});

test('a token for MCP calls nothing else, is a program’s, and comes from nobody who may do less', async () => {
  const house = await openTestHouse();
  const { program } = await openTestDoor(house);
  const { value } = await program();
  expect((await problemFrom(overHttp(house, value).record.state())).code).toBe('forbidden');
  const operator = overHttp(house, house.token);
  const mcp = { tools: ['get_run' as const] };
  const wrong = await problemFrom(operator.access.create({ name: 'a', caller: 'operator', mcp }));
  expect(wrong.code).toBe('invalid_input');
  const limited = await operator.access.create({
    name: 'limited',
    caller: 'operator',
    procedures: ['access.create'],
  });
  const more = overHttp(house, limited.value).access.create({ name: 'more', mcp });
  expect((await problemFrom(more)).code).toBe('forbidden');
});

test('configurations name the address and the token, and JSON is JSON', async () => {
  const { door, address } = await openTestDoor(await openTestHouse());
  const made = await door.configurations('hf_value');
  expect(made.map(({ program }) => program)).toEqual([
    'claude-code',
    'claude-desktop',
    'cursor',
    'vscode',
    'codex',
    'opencode',
    'gemini',
    'json',
  ]);
  for (const { program, text } of made) {
    expect(text).toContain('hf_value');
    if (program !== 'claude-desktop') expect(text).toContain(address);
    if (text.startsWith('{')) expect(JSON.parse(text)).toBeTypeOf('object');
  }
  for (const { text } of await door.configurations(null)) expect(text).not.toContain('hf_value');
});
