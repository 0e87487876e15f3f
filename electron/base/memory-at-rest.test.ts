import { expect, test } from 'vitest';
import { ManualClock } from './manual-clock.ts';
import { collectAll, memoryAtRest } from './memory-at-rest.ts';

/** Told of two ends at once, and later of a third: how often memory is given back where the thread is so busy. */
function givenBack(busy: number): number[] {
  const clock = new ManualClock();
  let given = 0;
  const ended = memoryAtRest(
    clock,
    () => given++,
    () => () => busy,
  );
  const after = (calls: number) => {
    for (let i = 0; i < calls; i++) ended();
    clock.advance(60_000);
    return given;
  };
  return [after(2), after(1), clock.waiting];
}

test('a house at rest gives back once for whatever has ended, and then waits for nothing', () => {
  expect(givenBack(0.01)).toEqual([1, 2, 0]);
});

test('a house at work keeps its memory', () => {
  expect(givenBack(0.2)).toEqual([0, 0, 0]);
});

test('what nobody holds any more is given back', async () => {
  const held = { thing: {} as object | undefined };
  const watched = new WeakRef(held.thing!);
  held.thing = undefined;
  // A reference that was just made stays until the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectAll();
  expect(watched.deref()).toBeUndefined();
});
