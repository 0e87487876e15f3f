import { expect, test } from 'vitest';
import { ceilingSchema, type RunOutcome } from '../../../shared/run.ts';
import { boundsWords, boundText, canRaise, readBound } from './bounds.ts';

test('bounds are read as they are written, and nothing else is one', () => {
  expect(readBound('tokens', boundText('tokens', 50_000))).toBe(50_000);
  expect(readBound('micros', boundText('micros', 2_500_000))).toBe(2_500_000);
  expect(readBound('seconds', boundText('seconds', 90))).toBe(90);
  for (const text of ['', '0', '-1', '1e6', 'many']) {
    expect(readBound('tokens', text)).toBeNull();
    expect(readBound('micros', text)).toBeNull();
  }
});

test('only what is bounded is raised, and only where that changes anything', () => {
  const run = (bounds: object, outcome: RunOutcome | null) => ({
    ceiling: ceilingSchema.parse(bounds),
    outcome,
  });
  expect(canRaise(run({ tokens: 5 }, null))).toBe(true);
  expect(canRaise(run({}, null))).toBe(false);
  expect(canRaise(run({ tokens: 5 }, { label: 'success', reason: null }))).toBe(false);
  expect(canRaise(run({ seconds: 5 }, { label: 'timed_out', reason: 'It took too long.' }))).toBe(true);
  expect(boundsWords(ceilingSchema.parse({ tokens: 50_000, micros: 2_000_000, seconds: 600 }))).toBe(
    '50,000 tokens, $2.00, 10:00 from its start',
  );
  expect(boundsWords(ceilingSchema.parse({}))).toBe('');
});
