import { expect, test } from 'vitest';
import { countPlaywright, namesIn, type PlaywrightReport } from './playwright-report.ts';
import { joined, nothing, refuseEmpty, skipped, sumLine } from './tally.ts';
import { countVitest } from './vitest-report.ts';

test('the last line is the true sum over all suites', () => {
  const one = { passed: 3, failures: [{ name: 'a', text: 'why' }], skips: [] };
  const two = { passed: 4, failures: [], skips: [{ name: 'b', reason: 'no Chromium' }] };
  expect(sumLine([one, two])).toBe('7 passed, 1 failed, 1 skipped');
});

test('a suite that reports no test at all has failed, one that only skips has not', () => {
  expect(sumLine([refuseEmpty(nothing)])).toBe('0 passed, 1 failed, 0 skipped');
  expect(sumLine([refuseEmpty(skipped('e2e', 'no Chromium'))])).toBe('0 passed, 0 failed, 1 skipped');
});

test('vitest: passed, failed, skipped and to-do tests are counted, each with its name', () => {
  const [outcome] = countVitest(
    {
      success: false,
      testResults: [
        {
          name: '/house/x.test.ts',
          status: 'failed',
          assertionResults: [
            { fullName: 'one', status: 'passed' },
            { fullName: 'two', status: 'failed', failureMessages: ['\u001B[31mexpected 1\u001B[39m'] },
            { fullName: 'three', status: 'skipped' },
            { fullName: 'four', status: 'todo' },
          ],
        },
      ],
    },
    '/house',
  );
  expect(outcome).toEqual({
    passed: 1,
    failures: [{ name: 'x.test.ts › two', text: 'expected 1' }],
    skips: [
      { name: 'x.test.ts › three', reason: 'marked skipped in the test file' },
      { name: 'x.test.ts › four', reason: 'marked todo in the test file' },
    ],
  });
});

test('vitest: a file that could not be loaded is a failure although no test in it failed', () => {
  const report = {
    success: false,
    testResults: [
      {
        name: '/house/x.test.ts',
        status: 'failed' as const,
        message: 'no such module',
        assertionResults: [],
      },
    ],
  };
  expect(joined(countVitest(report, '/house')).failures).toEqual([
    { name: 'x.test.ts', text: 'no such module' },
  ]);
});

const report = (status: 'expected' | 'unexpected' | 'flaky' | 'skipped'): PlaywrightReport => ({
  errors: [],
  suites: [
    {
      title: 'now.spec.ts',
      specs: [],
      suites: [
        {
          title: 'keyboard',
          specs: [
            {
              title: 'moves',
              file: 'now.spec.ts',
              tests: [
                {
                  projectName: 'browser',
                  status,
                  annotations: [{ type: 'skip', description: 'no display' }],
                  results: [{ errors: [{ message: 'timed out' }] }],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
});

test('playwright: tests in nested groups are counted under project, file and titles', () => {
  const name = '[browser] now.spec.ts › keyboard › moves';
  expect(namesIn(report('expected'))).toEqual([name]);
  expect(countPlaywright(report('expected'))).toEqual({ passed: 1, failures: [], skips: [] });
  expect(countPlaywright(report('skipped')).skips).toEqual([{ name, reason: 'no display' }]);
  expect(countPlaywright(report('unexpected')).failures).toEqual([{ name, text: 'timed out' }]);
});

test('playwright: what passed only on a second try, and errors outside of every test, are failures', () => {
  expect(countPlaywright(report('flaky')).failures).toHaveLength(1);
  const outside = { suites: [], errors: [{ message: 'no such spec' }] };
  expect(countPlaywright(outside).failures).toEqual([
    { name: 'outside of every test', text: 'no such spec' },
  ]);
});
