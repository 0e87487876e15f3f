import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { RunSubtask } from '../../../../shared/run.ts';
import { foldTime, lanesOf, placeOf } from './fold-time.ts';
import { partsAt, stepOf } from './journal.ts';

const minute = 60_000;

test('where nothing was at work for long, time is folded; short pauses are not', () => {
  const stretches = [
    { from: 0, to: 2 * minute },
    { from: 2 * minute + 500, to: 3 * minute },
    { from: 60 * minute, to: 61 * minute },
  ];
  const folded = foldTime(stretches, { from: 0, to: 61 * minute });
  expect(folded.pieces.filter((piece) => piece.folded)).toMatchObject([
    { from: 3 * minute, to: 60 * minute },
  ]);
  expect(placeOf(folded, 60 * minute) - placeOf(folded, 3 * minute)).toBeLessThan(0.05);
  expect(placeOf(folded, 61 * minute)).toBeCloseTo(1);
});

const stretches = fc.array(
  fc.tuple(fc.nat(100_000), fc.nat(20_000)).map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 40 },
);

test('folded or not, what comes later is never drawn before', () => {
  fc.assert(
    fc.property(stretches, fc.array(fc.nat(130_000)), (some, times) => {
      const folded = foldTime(some, { from: 0, to: 120_000 });
      const places = times.toSorted((a, b) => a - b).map((time) => placeOf(folded, time));
      for (const [at, place] of places.entries()) {
        expect(place).toBeGreaterThanOrEqual(Math.max(0, places[at - 1] ?? 0) - 1e-9);
        expect(place).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
    { seed: 3, numRuns: 200 },
  );
});

test('none lies over another as long as there are lanes', () => {
  const three = [
    { from: 0, to: 10 },
    { from: 5, to: 8 },
    { from: 8, to: 12 },
  ];
  expect(lanesOf(three, 6)).toEqual({ lanes: [0, 1, 1], count: 2 });
  expect(lanesOf(three, 1).count).toBe(1);
});

const part = (name: string) =>
  ({ name, state: 'done', kept: false, ended: null, outcome: null }) as unknown as RunSubtask;

test('the journal says how each part stood after each of its events', () => {
  let seq = 0;
  const event = (kind: string, data: object) =>
    ({
      seq: seq++,
      kind,
      data,
      time: new Date(seq * 1000).toISOString(),
      actor: { kind: 'system' },
      scope: {},
    }) as unknown as RecordedEvent;
  const steps = [
    event('run.started', {}),
    event('subtask.started', { name: 'a', role: 'runner' }),
    event('subtask.finished', { name: 'a', ok: false, again: 'the network was away' }),
    event('subtask.started', { name: 'a', role: 'runner', attempt: 2 }),
    event('subtask.finished', { name: 'a', ok: true }),
    event('subtask.started', { name: 'b', role: 'runner' }),
    event('subtask.expired', { name: 'b', reason: 'wall_clock_exceeded' }),
  ].map(stepOf);
  const states = steps.map((_step, at) =>
    partsAt([part('a'), part('b')], steps, at + 1).map(({ state }) => state),
  );
  expect(states).toEqual([
    ['waiting', 'waiting'],
    ['running', 'waiting'],
    ['ready', 'waiting'],
    ['running', 'waiting'],
    ['done', 'waiting'],
    ['done', 'running'],
    ['done', 'failed'],
  ]);
});
