import { expect, test } from 'vitest';
import { emptyTiming, timingFormOf, timingOf, timingWords } from './timing-form.ts';

test.each([
  ['every hour, on the hour', '0 * * * *'],
  ['every hour, 20 minutes past', '20 * * * *'],
  ['every day at 07:05', '5 7 * * *'],
  ['on weekdays at 23:59', '59 23 * * 1-5'],
  ['every Sunday at 00:00', '0 0 * * 0'],
  ['by “*/5 9-17 * * mon-fri”', '*/5 9-17 * * mon-fri'],
  ['by “0 7 1 * *”', '0 7 1 * *'],
  ['by “5 * * * 1-5”', '5 * * * 1-5'],
])('%s is chosen and said the same', (words, cron) => {
  expect(timingWords({ cron, zone: null })).toBe(words);
  expect(timingOf(timingFormOf({ cron, zone: 'Europe/Berlin' }))).toEqual({ cron, zone: 'Europe/Berlin' });
});

test('what is missing is no schedule yet', () => {
  expect(timingOf({ ...emptyTiming, time: '' })).toBeNull();
  expect(timingOf({ ...emptyTiming, kind: 'hourly', minute: '60' })).toBeNull();
  expect(timingOf({ ...emptyTiming, kind: 'cron', cron: ' ' })).toBeNull();
  expect(timingOf(emptyTiming)).toEqual({ cron: '30 7 * * *', zone: null });
  expect(timingWords({ cron: '0 0 * * 7', zone: 'America/New_York' })).toBe(
    'every Sunday at 00:00, America/New York time',
  );
});
