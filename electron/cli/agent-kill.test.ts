import { expect, test } from 'vitest';
import { killedAt } from './testing/killed-house.ts';

test(
  'a house killed in the middle of commands and questions goes on where it was, and the person says what is unknown',
  { timeout: 120_000 },
  async () => {
    const { decisions, killed } = await killedAt([
      { step: 3, when: 'before' },
      { step: 5, when: 'after' },
      { step: 6, when: 'waiting' },
      { step: 7, when: 'after' },
    ]);
    expect(killed).toBe(4);
    expect(decisions).toEqual(['redo', 'skip', 'fail']);
  },
);
