import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Approval } from '../../shared/approval.ts';
import type { Rule, RuleTest } from '../../shared/rule.ts';
import { leaveWaiting } from './testing/leave-waiting.ts';
import { answerOf, holdfast, startDaemon, testFolder } from './testing/launch.ts';

test(
  'what waited when a life ended is answered in the next one, from the command line',
  { timeout: 120_000 },
  async () => {
    const folder = testFolder();
    const [status = '', make = '', other = '', last = ''] = leaveWaiting(folder, [
      'git status -s',
      'make install',
      'rm -rf build',
      'python3 x.py',
    ]);
    await startDaemon({ folder });
    const list = await answerOf<Approval[]>(folder, 'approvals');
    expect(list.map(({ id, line }) => [id, line])).toEqual([
      [status, 'git status -s'],
      [make, 'make install'],
      [other, 'rm -rf build'],
      [last, 'python3 x.py'],
    ]);
    const whole = await holdfast(folder, ['approvals', status]);
    expect(whole.stdout).toContain('"command": "git status -s"');
    expect(whole.stdout).toContain('always     allow exec: git status * (in /project)');

    expect(await answerOf<Approval>(folder, 'approve', status, '--always')).toMatchObject({
      state: 'granted',
      settled: { how: 'always' },
    });
    const [rule] = await answerOf<Rule[]>(folder, 'rules', 'list');
    expect(rule).toMatchObject({
      what: 'exec: git status *',
      scope: { kind: 'project', folder: '/project' },
      approval: status,
    });
    const tested = ['rules', 'test', 'git status', '--folder', '/project'];
    expect(await answerOf<RuleTest>(folder, ...tested)).toMatchObject({
      verdict: 'allow',
      order: [{ rule: rule!.id }],
    });

    const anything = await holdfast(folder, ['approve', last, '--always']);
    expect([anything.code, anything.stderr]).toEqual([
      2,
      expect.stringContaining('This lets it run anything'),
    ]);
    writeFileSync(join(folder, 'input.json'), '{"command": "make"}');
    const gone = await holdfast(folder, ['approve', make, '--input', join(folder, 'input.json')]);
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('There is no session')]);
    expect((await holdfast(folder, ['approve', make, '--rule', 'exec: make'])).code).toBe(2);

    expect(await answerOf<Approval>(folder, 'deny', other, '--reason', 'Keep it.')).toMatchObject({
      state: 'denied',
      settled: { reason: 'Keep it.' },
    });
    const second = await holdfast(folder, ['approve', other]);
    expect([second.code, second.stderr]).toEqual([
      3,
      expect.stringContaining('It was denied by the person here'),
    ]);
    expect(await answerOf<Approval>(folder, 'defer', make)).toMatchObject({ state: 'deferred' });
    expect((await answerOf<Approval[]>(folder, 'approvals')).map(({ id }) => id)).toEqual([make, last]);
    expect(await answerOf<Approval[]>(folder, 'approvals', '--all')).toHaveLength(4);
  },
);
