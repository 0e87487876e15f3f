import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { Bell, linger } from './lingering.ts';

const patience = { timeout: 20_000 };

function ports(): { near: MessagePort; far: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  return { near: port1, far: port2 };
}

test(
  'what was asked before and what is asked meanwhile is taken in order, and then it goes on',
  patience,
  async () => {
    const { near, far } = ports();
    const bell = new Bell();
    // Another thread asks while this one stands still.
    const asking = new Worker(
      `const { workerData: { port, shared } } = require('node:worker_threads');
     const rings = new Int32Array(shared);
     port.once('message', () => {
       for (const word of ['third', 'fourth']) {
         port.postMessage(word);
         Atomics.add(rings, 0, 1);
         Atomics.notify(rings, 0);
       }
       port.close();
     });`,
      { eval: true, workerData: { port: far, shared: bell.shared }, transferList: [far] },
    );
    await once(asking, 'online');
    near.postMessage('go');
    const taken: string[] = [];
    // A thread may be slow to wake: it is waited for as often as it takes.
    while (taken.length < 2)
      linger(
        near,
        bell,
        (word) => taken.push(word),
        () => true,
      );
    expect(taken).toEqual(['third', 'fourth']);
  },
);

test('it stays no longer than it may', () => {
  const { near, far } = ports();
  const bell = new Bell();
  far.postMessage('first');
  far.postMessage('second');
  let stays = true;
  const taken: string[] = [];
  const take = (word: string) => {
    taken.push(word);
    bell.ring();
    stays = false;
  };
  linger(near, bell, take, () => stays);
  expect(taken).toEqual(['first', 'second']);
  linger(near, bell, take, () => stays);
  expect(taken).toHaveLength(2);
});

test('a bell that rang before it was listened to is heard at once', () => {
  const bell = new Bell();
  const { rings } = bell;
  new Bell(bell.shared).ring();
  expect(bell.waits(rings, 10_000)).toBe(true);
  expect(bell.waits(bell.rings, 1)).toBe(false);
});
