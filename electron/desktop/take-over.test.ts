import { expect, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { TakeOverOffer } from './take-over.ts';

function around(answer: (signal: AbortSignal) => Promise<boolean>, takeOver = async () => undefined as void) {
  const clock = new ManualClock();
  const told: unknown[] = [];
  const offer = new TakeOverOffer({
    clock,
    lost: () => told.push('lost'),
    ask: (signal) => {
      told.push('asked');
      return answer(signal);
    },
    takeOver: () => {
      told.push('taking over');
      return takeOver();
    },
    failed: (failure) => told.push(failure),
  });
  return { clock, offer, told };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a daemon that is only restarted is not even mentioned', () => {
  const { clock, offer, told } = around(async () => true);
  offer.away();
  clock.advance(3_000);
  offer.settled();
  clock.advance(60_000);
  expect(told).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('a daemon that stays away is replaced when the person says so', async () => {
  const { clock, offer, told } = around(async () => true);
  offer.away();
  offer.away();
  clock.advance(4_000);
  await settle();
  expect(told).toEqual(['lost', 'asked', 'taking over']);
});

test('who wants to wait is not asked again', async () => {
  const { clock, offer, told } = around(async () => false);
  offer.away();
  clock.advance(4_000);
  await settle();
  offer.away();
  clock.advance(60_000);
  expect(told).toEqual(['lost', 'asked']);
});

test('the question is withdrawn when the daemon comes back while it is open', async () => {
  const { clock, offer, told } = around(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(true))),
  );
  offer.away();
  clock.advance(4_000);
  offer.settled();
  await settle();
  expect(told).toEqual(['lost', 'asked']);
});

test('a folder that somebody else holds by now is told, and can be tried again', async () => {
  const failure = new Error('held');
  const { clock, offer, told } = around(
    async () => true,
    () => Promise.reject(failure),
  );
  offer.away();
  clock.advance(4_000);
  await settle();
  await offer.offer();
  expect(told).toEqual(['lost', 'asked', 'taking over', failure, 'asked', 'taking over', failure]);
});
