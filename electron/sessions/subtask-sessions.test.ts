import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  givenFolder,
  partLife,
  partPlace,
  scaffolded,
  someOrder,
  someRun,
  unheard,
} from './agents/testing/part-life.ts';
import { never } from './agents/testing/some-agent-sessions.ts';

const runner = (argv: string[], report: string | null = null) =>
  ({ kind: 'runner', argv, cwd: null, report, seconds: null }) as const;

test('a program runs with exactly its arguments in a sandbox, and its report lies in the folder of the run', async () => {
  const folder = partPlace();
  const { subtasks, record } = await partLife(folder);
  const run = someRun(folder);
  const report = join(run.runFolder, 'report.txt');
  const said = ['$(id)', "it's", '', ' two  words ', '*', '\n', '--', '`true`', '"', '\\'];
  const agent = scaffolded(runner(['printf', '[%s]', ...said], report), run.runFolder);
  const order = someOrder(run, { agent });
  const heard: string[] = [];
  const end = await subtasks.carry(order, { ...unheard, session: (id) => void heard.push(id) }, never);
  expect(end).toMatchObject({
    outcome: { label: 'success', reason: null },
    retry: null,
    cost: 0,
    signals: [],
  });
  expect(end.answer).toBe(said.map((each) => `[${each}]`).join(''));
  expect(readFileSync(report, 'utf8')).toBe(end.answer);
  expect(heard).toEqual([end.session]);
  const { events } = await record.query({ filter: { session: end.session }, limit: 200 });
  expect(events.length).toBeGreaterThan(10);
  const others = events.filter(({ scope }) => scope.run !== run.run || scope.subtask !== order.subtask);
  expect(others.map(({ kind }) => kind)).toEqual([]);
  expect(events.map(({ kind }) => kind)).not.toContain('model.requested');
});

test('what fails says why, and nothing of the person’s is there that was not given', async () => {
  const folder = partPlace();
  const { subtasks } = await partLife(folder);
  const run = someRun(folder);
  const hidden = givenFolder(folder);
  const carry = (argv: string[]) =>
    subtasks.carry(someOrder(run, { agent: scaffolded(runner(argv), run.runFolder) }), unheard, never);
  const failed = await carry(['sh', '-c', 'echo early; echo late >&2; exit 3']);
  expect(failed).toMatchObject({ outcome: { label: 'work_failed' }, retry: 'tool_error' });
  expect(failed.outcome.reason).toMatch(/exit code 3.*late/s);
  const absent = await carry(['no-such-program']);
  expect(absent.outcome).toMatchObject({
    label: 'work_failed',
    reason: expect.stringMatching(/no-such-program/) as string,
  });
  const outside = await carry(['sh', '-c', `ls ${hidden} ${join(folder, 'data')}; touch ${hidden}/new`]);
  expect(outside.outcome.label).toBe('work_failed');
  expect(existsSync(join(hidden, 'new'))).toBe(false);
});
