import { expect, test } from 'vitest';
import { objectivePolicySchema } from '../../../shared/schedule.ts';
import type { WantedWork } from '../../bridge/objectives.ts';
import { nameFor } from './objective-name.ts';
import { readRules, rulesFormOf, ruleWords, usualRules } from './rules-form.ts';

const goal = (text: string, unattended: 'wait' | 'deny' = 'wait'): WantedWork => ({
  kind: 'run',
  wish: { invocation: { kind: 'goal', goal: text }, ceiling: { unattended } },
});

test('rules are read as they are typed, and come back the same', () => {
  const typed = { ...usualRules, jitter: '1h 30m', pauseAfter: '3', backOff: true, overlap: 'skip' as const };
  const { policy } = readRules(typed);
  expect(policy).toEqual({
    overlap: 'skip',
    catchUp: 'none',
    jitterSeconds: 5400,
    backOff: true,
    pauseAfter: 3,
  });
  expect(readRules(rulesFormOf(policy!, goal('Look.'))).policy).toEqual(policy);
  expect(readRules({ ...usualRules, jitter: '2d' }).wrong.jitter).toBe('A day at most.');
  expect(readRules({ ...usualRules, pauseAfter: '0' }).wrong.pauseAfter).toBe('From 1 to 1000.');
  expect(readRules({ ...usualRules, pauseAfter: 'often' }).policy).toBeNull();
});

test('rules are said in sentences, what would ask among them', () => {
  const policy = objectivePolicySchema.parse({ jitterSeconds: 120, pauseAfter: 1 });
  expect(ruleWords(policy, goal('Look.', 'deny'))).toEqual([
    'Begins beside the one before, where that still runs.',
    'Times at which Holdfast did not run are left out.',
    'Begins up to 2 minutes later, by chance.',
    'Is paused as soon as it fails.',
    'Each of its agents asks you where it would cross a boundary; that is denied.',
  ]);
  expect(ruleWords(policy, { kind: 'agent', wish: { agent: 'mender' } }).at(-1)).toContain('Asks nobody');
});

test('a name is found that nobody has', () => {
  const taken = new Set(['look-at-the-tide', 'objective']);
  expect(nameFor(goal('Look at the tide, each day.'), taken)).toBe('look-at-the-tide-2');
  expect(nameFor(goal('24 ½ – ?'), taken)).toBe('objective-2');
  expect(nameFor({ kind: 'agent', wish: { agent: 'mender' } }, taken)).toBe('mender');
});
