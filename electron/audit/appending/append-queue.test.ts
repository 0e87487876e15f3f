import { expect, test } from 'vitest';
import { Problem } from '../../../shared/problem.ts';
import { newId } from '../../base/ids.ts';
import { AppendQueue, batchLimits } from './append-queue.ts';
import type { Prepared } from './prepare.ts';
import type { Appended } from '../writing.ts';

const prepared = (data = '{}'): Prepared => ({
  id: newId('event', new Date()),
  time: new Date().toISOString(),
  kind: 'record.noted',
  actor: { kind: 'system' },
  scope: undefined,
  parent: undefined,
  data,
  salt: '',
  words: '',
  blobs: [],
});

/** A writer whose answers the test gives by hand. */
function queueOnHand() {
  const batches: { size: number; answer(problem?: Problem): void }[] = [];
  const refused: string[] = [];
  let seq = 0;
  const queue = new AppendQueue({
    send: (events) =>
      new Promise<Appended>((resolve, reject) => {
        batches.push({
          size: events.length,
          answer: (problem) => {
            if (problem) return reject(problem);
            const written = events.map(() => ({ seq: seq++, stamps: [] }));
            resolve({ written, size: seq, checkpoint: null });
          },
        });
      }),
    committed: () => undefined,
    refused: (problem, events) => refused.push(`${problem.code} ${events}`),
  });
  return { queue, batches, refused, settled: () => new Promise((resolve) => setImmediate(resolve)) };
}

test('while one batch is written, everything that arrives becomes the next', async () => {
  const { queue, batches, settled } = queueOnHand();
  const first = queue.add([prepared()], [null]);
  await settled();
  const later = [queue.add([prepared()], [null]), queue.add([prepared(), prepared()], [null, null])];
  await settled();
  expect(batches.map((batch) => batch.size)).toEqual([1]);
  batches[0]!.answer();
  await first;
  await settled();
  expect(batches.map((batch) => batch.size)).toEqual([1, 3]);
  batches[1]!.answer();
  const [one, two] = await Promise.all(later);
  expect(one!.map((event) => event.seq)).toEqual([1]);
  expect(two!.map((event) => event.seq)).toEqual([2, 3]);
  await queue.drained();
});

test('one alone waits a few promises for its like; after a crowd, all of one turn of the event loop go together', async () => {
  const { queue, batches, settled } = queueOnHand();
  const soon = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  const sizes = () => batches.map(({ size }) => size);
  void queue.add([prepared()], [0]);
  await Promise.resolve();
  void queue.add([prepared()], [0]);
  await soon();
  expect(sizes()).toEqual([2]);
  const many = Array.from({ length: 3 }, () => queue.add([prepared()], [0]));
  batches[0]!.answer();
  await settled();
  batches[1]!.answer();
  await Promise.all(many);
  void queue.add([prepared()], [0]);
  await soon();
  expect(sizes()).toEqual([2, 3]);
  void queue.add([prepared()], [0]);
  await settled();
  expect(sizes()).toEqual([2, 3, 2]);
  batches[2]!.answer();
  await queue.drained();
});

test('an append with an effect on earlier payloads is a transaction of its own', async () => {
  const { queue, batches, settled } = queueOnHand();
  const all = [
    queue.add([prepared()], [0]),
    queue.add([prepared()], [0], { erase: 0 }),
    queue.add([prepared()], [0]),
  ];
  for (let i = 0; i < 3; i++) {
    await settled();
    expect(batches).toHaveLength(i + 1);
    batches[i]!.answer();
  }
  await Promise.all(all);
});

test('what could not be written is refused to its callers, and the next is tried again', async () => {
  const { queue, batches, refused, settled } = queueOnHand();
  const failing = queue.add([prepared(), prepared()], [0, 0]);
  const outcome = failing.then(
    () => null,
    (thrown: unknown) => Problem.of(thrown),
  );
  await settled();
  batches[0]!.answer(new Problem('storage_full', 'no room'));
  expect(await outcome).toMatchObject({ code: 'storage_full' });
  expect(refused).toEqual(['storage_full 2']);
  const next = queue.add([prepared()], [0]);
  await settled();
  batches[1]!.answer();
  expect((await next)[0]?.seq).toBe(0);
});

test('batches and the memory of what waits are bounded', async () => {
  const { queue, batches, settled } = queueOnHand();
  const adds = [queue.add([prepared()], [0])];
  await settled();
  for (let i = 0; i < batchLimits.events + 10; i++) adds.push(queue.add([prepared()], [0]));
  const heavy = prepared('x'.repeat(batchLimits.waitingBytes));
  await expect(queue.add([heavy], [0])).rejects.toMatchObject({ code: 'too_many' });
  for (let i = 0; i < 3; i++) {
    batches[i]!.answer();
    await settled();
  }
  expect(batches.map((batch) => batch.size)).toEqual([1, batchLimits.events, 10]);
  await Promise.all(adds);
});
