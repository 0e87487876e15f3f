import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { handyAgent, toolLife, workPlace } from './agents/testing/tool-life.ts';

/** A server on this machine; its address is one that an agent reaches only where its file names it. */
async function server(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        made.closeAllConnections();
        made.close(() => resolve());
      }),
  );
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

async function begun(network: readonly string[]) {
  const { folder } = workPlace();
  const life = await toolLife(folder, [handyAgent({ network: [...network] })]);
  const { id } = await life.open([]);
  return { ...life, ask: (...calls: Parameters<typeof life.ask>[1]) => life.ask(id, calls) };
}

test('a page is fetched within its bounds, and each redirect is asked of the tokens again', async () => {
  const other = await server((_, response) => response.end('not for everybody'));
  const host = await server((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/long') return void response.end('x'.repeat(5000));
    if (pathname === '/huge')
      return void response.writeHead(200, { 'content-length': '1001' }).end('x'.repeat(1001));
    if (pathname === '/binary') return void response.end(Buffer.from([1, 0, 2]));
    if (pathname === '/missing') return void response.writeHead(404).end('no such page');
    if (pathname === '/once') return void response.writeHead(302, { location: '/plain' }).end();
    if (pathname === '/round') return void response.writeHead(302, { location: '/round' }).end();
    if (pathname === '/other') return void response.writeHead(302, { location: `http://${other}/` }).end();
    if (pathname === '/file') return void response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    response.writeHead(200, { 'content-type': 'text/plain' }).end('plain words');
  });
  const { ask, record } = await begun([host]);
  const told = await ask(
    ['web_fetch', { url: `http://${host}/plain` }],
    ['web_fetch', { url: `http://${host}/long`, max_bytes: 1000 }],
    ['web_fetch', { url: `http://${host}/huge`, max_bytes: 100 }],
    ['web_fetch', { url: `http://${host}/binary` }],
    ['web_fetch', { url: `http://${host}/missing` }],
    ['web_fetch', { url: `http://${host}/once` }],
    ['web_fetch', { url: `http://${host}/round` }],
    ['web_fetch', { url: `http://${host}/other` }],
    ['web_fetch', { url: `http://${host}/file` }],
    ['web_fetch', { url: `http://${other}/` }],
    ['web_fetch', { url: 'ftp://example.org/' }],
    ['web_fetch', { url: 'http://localhost/' }],
  );
  expect(told.map(({ ok }) => ok)).toEqual([
    true,
    true,
    false,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  const [plain, long, huge, binary, missing, redirected, round, away, file] = told;
  expect(plain?.value).toMatchObject({
    status: 200,
    content_type: 'text/plain',
    body: 'plain words',
    truncated: false,
    bytes_read: 11,
  });
  expect(long?.value).toMatchObject({ truncated: true, bytes_read: 1000 });
  expect(huge?.text).toContain('1,001 bytes');
  expect(binary?.value).toMatchObject({ body: null });
  expect(missing?.value).toMatchObject({ status: 404, body: 'no such page' });
  expect(redirected?.value).toMatchObject({ url: `http://${host}/plain`, body: 'plain words' });
  expect(round?.text).toContain('more than 5 times');
  expect(away?.text).not.toContain('not for everybody');
  expect(file?.text).toContain('no web address');
  const { events } = await record.query({ filter: { kinds: ['connection.opened'] }, limit: 50 });
  expect(new Set(events.map(({ data }) => (data as { port: number }).port))).toEqual(
    new Set([Number(host.split(':')[1])]),
  );
});

test('a request is sent as it was written, once, and says what came of it', async () => {
  const heard: { method: string | undefined; type: string | undefined; body: string }[] = [];
  const host = await server((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      heard.push({ method: request.method, type: request.headers['content-type'], body });
      if (request.url === '/away') response.writeHead(307, { location: '/' });
      else if (request.url === '/broken') response.writeHead(500);
      else response.writeHead(201);
      response.end('y'.repeat(3000));
    });
  });
  const { ask } = await begun([host]);
  const told = await ask(
    ['http_request', { url: `http://${host}/`, json: { a: [1, 'ä'] } }],
    ['http_request', { url: `http://${host}/`, method: 'PUT', body: 'text', headers: { 'x-own': '1' } }],
    ['http_request', { url: `http://${host}/broken` }],
    ['http_request', { url: `http://${host}/away` }],
    ['http_request', { url: `http://${host}/`, json: 1, body: 'x' }],
    ['http_request', { url: `http://${host}/`, headers: { Host: 'elsewhere' } }],
    ['http_request', { url: `http://${host}/`, headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['http_request', { url: `http://${host}/`, headers: { 'Transfer-Encoding': 'chunked' } }],
  );
  expect(told.map(({ ok }) => ok)).toEqual([true, true, false, false, false, false, false, false]);
  expect(heard).toEqual([
    { method: 'POST', type: 'application/json', body: '{"a":[1,"ä"]}' },
    { method: 'PUT', type: undefined, body: 'text' },
    { method: 'POST', type: undefined, body: '' },
    { method: 'POST', type: undefined, body: '' },
  ]);
  expect(told[0]?.value).toMatchObject({ status: 201, truncated: true });
  expect(String(told[0]?.value?.['body'])).toHaveLength(1024);
});

test('people are asked, others are told, and an agent says where it is', async () => {
  const { folder, work } = workPlace();
  const child = handyAgent({ name: 'child', capabilities: ['tool: echo'] });
  const parent = handyAgent();
  const capabilities = [...parent.capabilities, 'spawn_agent: child', 'message: *'];
  const { open, ask } = await toolLife(folder, [{ ...parent, capabilities }, child]);
  const { id } = await open([{ path: work, mode: 'ro' }]);
  const told = await ask(id, [
    ['ask_person', { question: 'Shall I?', choices: ['yes', 'no'], free: false }],
    ['surroundings', {}],
    ['echo', { said: 'back' }],
    ['send_message', { to: 'nobody', text: 'hello' }],
    ['spawn_agent', { agent: 'tester', message: 'Do it.' }],
    ['spawn_agents', { children: Array.from({ length: 17 }, () => ({ agent: 'child', message: 'x' })) }],
    ['send_email', { to: 'a@example.org', subject: 'Hello', text: 'Words' }],
  ]);
  expect(told.map(({ ok }) => ok)).toEqual([true, true, true, true, false, false, false]);
  expect(told[0]?.text).toBe('yes');
  expect(told[1]?.text).toContain(work);
  expect(told[2]?.value).toEqual({ said: 'back' });
  expect(told[3]?.value).toMatchObject({ delivered: false });
  expect(told[6]?.text).toContain('mail.host');
});
