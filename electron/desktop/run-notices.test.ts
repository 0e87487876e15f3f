import { expect, test } from 'vitest';
import type { RunOutcomeLabel } from '../../shared/run.ts';
import { noticeOfRun, type WatchedRun } from './run-notices.ts';

const run = (state: WatchedRun['state'], label?: RunOutcomeLabel, reviewing = false): WatchedRun => ({
  id: 'run_01jdc0ffee0123456789abcdef',
  state,
  reviewing,
  outcome: label === undefined ? null : { label, reason: 'the tide was /home/sam/low' },
});
const told = (before: WatchedRun | undefined, now: WatchedRun) => noticeOfRun(before, now)?.title ?? null;

test('a run is told of when it needs somebody, has finished or has failed, and only once', () => {
  expect(told(run('planning'), run('asking'))).toBe('A plan waits for you');
  expect(told(undefined, run('asking'))).toBe('A plan waits for you');
  expect(told(run('asking'), run('asking'))).toBeNull();
  expect(told(run('running'), run('finished', 'success'))).toBe('A run has finished');
  expect(told(run('running'), run('finished', 'work_failed'))).toBe('A run has failed');
  expect(told(run('running'), run('finished', 'success', true))).toBe(
    'A run has finished, and changes wait for you',
  );
  expect(told(run('finished', 'success'), run('finished', 'success'))).toBeNull();
});

test('what the person did, and what was over before anybody watched, is no news', () => {
  expect(told(run('running'), run('finished', 'cancelled'))).toBeNull();
  expect(told(undefined, run('finished', 'success'))).toBeNull();
  expect(told(run('queued'), run('running'))).toBeNull();
});

test('nothing of what it was about is in it', () => {
  const notice = noticeOfRun(run('running'), run('finished', 'work_failed'));
  expect(JSON.stringify([notice?.title, notice?.body])).not.toMatch(/tide|sam|low/);
  expect(notice?.place).toBe('#/runs/run_01jdc0ffee0123456789abcdef');
});
