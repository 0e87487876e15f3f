import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ending, overSocket } from './testing/callers.ts';
import { openTestHouse } from './testing/test-house.ts';

function dial(path: string, token: string, headers = {}): WebSocket {
  const socket = new WebSocket('ws://holdfast/ws', ['holdfast.v1', `bearer.${token}`], {
    headers,
    createConnection: () => connect(path),
  });
  onTestFinished(() => socket.terminate());
  return socket;
}

test('the unix socket takes WebSockets too, and its holder’s token says who calls', async () => {
  const house = await openTestHouse();
  const client = overSocket(dial(house.socket, house.token));
  expect(await client.record.note({ text: 'through the socket' })).toMatchObject({
    actor: { kind: 'operator', id: expect.stringMatching(/^tok_/) },
  });
});

test('there as well nobody gets in without a token in force, and no page at all', async () => {
  const house = await openTestHouse();
  expect(await ending(dial(house.socket, 'hf_invented'))).toBe(401);
  expect(await ending(dial(house.socket, house.token, { origin: 'http://localhost' }))).toBe(403);
});

test('a gateway that closes says farewell there too', async () => {
  const house = await openTestHouse();
  const socket = dial(house.socket, house.token);
  await new Promise((resolve) => socket.once('open', resolve));
  const ended = ending(socket);
  await house.gateway.close();
  expect(await ended).toBe(1001);
});
