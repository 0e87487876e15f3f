import { expect, test } from 'vitest';
import { openTestHouse } from '../gateway/testing/test-house.ts';
import { openTestDoor } from './testing/open-door.ts';

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'a program', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const call = {
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'get_agent_status', arguments: { run_id: 'run_of_nobody' }, _meta: meta },
};
const headers = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'get_agent_status',
};

async function someDoor() {
  const house = await openTestHouse();
  const { address, program } = await openTestDoor(house);
  const { value } = await program();
  const ask = async (message: unknown, more: Record<string, string> = {}) => {
    const authorization = `Bearer ${value}`;
    const sent = {
      method: 'POST',
      headers: { ...headers, authorization, ...more },
      body: JSON.stringify(message),
    };
    const answer = await fetch(address, sent);
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
  };
  return { house, ask };
}

/** The same call with a key that the short way does not know, so that the kit answers it. */
const roundabout = ({ params, ...rest }: typeof call) => ({
  ...rest,
  params: { ...params, _meta: { ...meta, 'example.org/told': 'nothing' } },
});

test.each([
  ['is answered', call],
  ['is refused for its input', { ...call, params: { ...call.params, arguments: { run: 1 } } }],
  ['fails', { ...call, id: 'a', params: { ...call.params, name: 'get_run' } }],
  ['has no arguments', { ...call, params: { name: 'list_runs', _meta: meta } }],
] as const)('a call that %s is answered by the short way in the words of the kit', async (_, asked) => {
  const { house, ask } = await someDoor();
  const named = { 'mcp-name': asked.params.name };
  const short = await ask(asked, named);
  expect(await ask(roundabout(asked as typeof call), named)).toEqual(short);
  expect(short).toMatchObject({ status: 200, type: 'application/json', body: { id: asked.id } });
  const { events } = await house.record.query({ filter: { kinds: ['mcp.called'] }, limit: 10 });
  const [one, other] = events.map(({ data }) => ({ ...(data as object), answer: null }));
  expect(events).toHaveLength(2);
  expect(one).toEqual(other);
});

test.each([
  ['another version in its head', call, { 'mcp-protocol-version': '2025-11-25' }, 400],
  ['another method in its head', call, { 'mcp-method': 'tools/list' }, 400],
  ['another tool in its head', call, { 'mcp-name': 'cancel_run' }, 400],
  ['an id that is none', { ...call, id: { a: 1 } }, {}, 400],
  ['no id', { ...call, id: null }, {}, 400],
  [
    'no words of its client’s abilities',
    {
      ...call,
      params: { ...call.params, _meta: { ...meta, 'io.modelcontextprotocol/clientCapabilities': 1 } },
    },
    {},
    400,
  ],
  ['arguments that are no object', { ...call, params: { ...call.params, arguments: [] } }, {}, 200],
  [
    'a tool that is none',
    { ...call, params: { ...call.params, name: 'nothing' } },
    { 'mcp-name': 'nothing' },
    200,
  ],
])('a call with %s is refused, and nothing of it is on the record', async (_, message, more, status) => {
  const { house, ask } = await someDoor();
  const { body, ...answer } = await ask(message, more);
  expect(answer.status).toBe(status);
  expect(body).toHaveProperty('error.code');
  expect((await house.record.query({ filter: { kinds: ['mcp.called'] }, limit: 1 })).events).toEqual([]);
});
