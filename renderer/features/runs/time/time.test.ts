import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { Run, RunSubtask } from '../../../../shared/run.ts';
import { everyPart, partsAt, planWords, runAt } from './at-step.ts';
import { foldTime, lanesOf, placeOf } from './fold-time.ts';
import { type JournalStep, stepOf } from './journal.ts';

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

const part = (id: string, name = id) =>
  ({
    id,
    name,
    state: 'done',
    kept: false,
    ended: null,
    outcome: null,
    outputs: [],
  }) as unknown as RunSubtask;

function journalOf(...told: [kind: string, data: object, subtask?: string][]): JournalStep[] {
  return told.map(([kind, data, subtask], seq) =>
    stepOf({
      seq,
      kind,
      data,
      time: new Date((seq + 1) * 1000).toISOString(),
      actor: { kind: 'system' },
      scope: subtask === undefined ? {} : { subtask },
    } as unknown as RecordedEvent),
  );
}

const statesOf = (parts: readonly RunSubtask[]) => parts.map(({ id, state }) => `${id} ${state}`);

test('the journal says how each part stood after each of its events', () => {
  const steps = journalOf(
    ['plan.produced', { subtasks: 2, replans: 0 }],
    ['subtask.started', { name: 'a', role: 'runner' }, 'a'],
    ['subtask.finished', { name: 'a', ok: false, again: 'the network was away' }, 'a'],
    ['subtask.started', { name: 'a', role: 'runner', attempt: 2 }, 'a'],
    ['subtask.finished', { name: 'a', ok: true }, 'a'],
    ['subtask.started', { name: 'b', role: 'runner' }, 'b'],
    ['subtask.expired', { name: 'b', reason: 'wall_clock_exceeded' }, 'b'],
  );
  const journal = { steps, plans: [[part('a'), part('b')]] };
  expect(partsAt(journal, 0)).toEqual([]);
  expect(steps.map((_step, at) => statesOf(partsAt(journal, at + 1)))).toEqual([
    ['a waiting', 'b waiting'],
    ['a running', 'b waiting'],
    ['a ready', 'b waiting'],
    ['a running', 'b waiting'],
    ['a done', 'b waiting'],
    ['a done', 'b running'],
    ['a done', 'b failed'],
  ]);
  expect(partsAt(journal, 4).map(({ attempt }) => attempt)).toEqual([2, 0]);
  expect(planWords(journal, 4)).toBe('');
});

test('a run that was planned again is walked with each plan as it was then', () => {
  const steps = journalOf(
    ['run.requested', { title: 'Tides' }],
    ['run.started', {}],
    ['plan.produced', { subtasks: 2, replans: 0 }],
    ['subtask.started', { name: 'a', role: 'runner' }, 'a'],
    ['subtask.finished', { name: 'a', ok: true }, 'a'],
    ['subtask.started', { name: 'b', role: 'runner' }, 'b1'],
    ['subtask.finished', { name: 'b', ok: false }, 'b1'],
    ['plan.replanned', { reason: 'b failed' }],
    ['plan.produced', { subtasks: 3, replans: 1, kept: ['a'] }],
    ['subtask.started', { name: 'b', role: 'runner' }, 'b2'],
    ['run.finished', { outcome: { label: 'cancelled', reason: 'It was stopped.' } }],
  );
  const skipped = { ...part('c'), state: 'skipped' as const };
  const kept = { ...part('a'), kept: true };
  const journal = {
    steps,
    plans: [
      [kept, part('b1', 'b')],
      [kept, part('b2', 'b'), skipped],
    ],
  };
  const at = (count: number) => statesOf(partsAt(journal, count));
  expect(at(2)).toEqual([]);
  expect(at(3)).toEqual(['a waiting', 'b1 waiting']);
  expect(at(7)).toEqual(['a done', 'b1 failed']);
  expect(at(8)).toEqual(['a done', 'b1 failed']);
  expect(at(9)).toEqual(['a done', 'b2 waiting', 'c waiting']);
  expect(at(11)).toEqual(['a done', 'b2 running', 'c skipped']);
  expect(partsAt(journal, 8).map((each) => each.kept)).toEqual([false, false]);
  expect(partsAt(journal, 9).map((each) => each.kept)).toEqual([true, false, false]);
  expect(planWords(journal, 2)).toBe('');
  expect(planWords(journal, 7)).toBe('plan 1 of 2');
  expect(planWords(journal, 9)).toBe('planned again: plan 2 of 2');
  expect(everyPart(journal).map(({ id }) => id)).toEqual(['a', 'b1', 'b2', 'c']);

  const outcome = { label: 'cancelled', reason: 'It was stopped.' };
  const run = { state: 'finished', outcome, rounds: 2, counts: { done: 1, skipped: 1 } } as unknown as Run;
  const stood = steps.map((_step, count) => runAt(run, journal, count + 1));
  const running = Array.from({ length: 5 }, () => 'running');
  expect(stood.map(({ state }) => state)).toEqual(
    ['queued', 'planning', running, 'planning', 'running', 'running', 'finished'].flat(),
  );
  expect(stood.map(({ rounds }) => rounds)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
  expect(stood[6]).toMatchObject({ outcome: null, ended: null, counts: { done: 1, failed: 1, skipped: 0 } });
  expect(stood.at(-1)).toBe(run);
});
