import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';

interface Status {
  readonly run: Run;
}

/** A folder that the account of root’s sandboxes reaches, with a plan of commands one after the other. */
function planOf(...commands: string[][]): { folder: string; plan: string } {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const subtasks = commands.map((command, i) => ({
    id: `step-${i + 1}`,
    role: 'runner',
    params: { command },
    depends_on: i === 0 ? [] : [`step-${i}`],
  }));
  const plan = join(folder, 'plan.json');
  writeFileSync(plan, JSON.stringify({ subtasks }));
  return { folder, plan };
}

const idIn = (text: string) => /run_[0-9a-z]{26}/.exec(text)?.[0] ?? '';

test(
  'Ctrl-C leaves a run to itself and says how to come back; twice stops it',
  { timeout: 60_000 },
  async () => {
    const { folder, plan } = planOf(['sleep', '600']);
    await startDaemon({ folder });
    const submit = () => beginHoldfast(folder, ['submit', '--plan', plan, '--time', '1h', '--data', folder]);
    const left = submit();
    await until(() => left.stdout().includes('run_program'));
    left.child.kill('SIGINT');
    expect(await left.ended).toEqual({ code: 0, signal: null });
    const id = idIn(left.stderr());
    expect(left.stderr()).toContain(`holdfast stop ${id}`);
    expect((await answerOf<Status>(folder, 'status', id.slice(0, -2))).run.state).toBe('running');
    const raised = await answerOf<Run>(folder, 'budgets', 'raise', id, '--time', '2h');
    expect(raised.ceiling.seconds).toBe(7200);
    const unbounded = await holdfast(folder, ['budgets', 'raise', id, '--tokens', '5000']);
    expect(unbounded).toMatchObject({ code: 3, stdout: '' });
    expect(unbounded.stderr).toContain('It has no bound in tokens');
    expect((await answerOf<Run>(folder, 'stop', id)).outcome?.label).toBe('cancelled');

    const stopped = submit();
    await until(() => stopped.stdout().includes('run_program'));
    stopped.child.kill('SIGINT');
    await until(() => stopped.stderr().includes('Ctrl-C again'));
    stopped.child.kill('SIGINT');
    expect((await stopped.ended).code).toBe(130);
    expect((await answerOf<Status>(folder, 'status', idIn(stopped.stderr()))).run.counts.running).toBe(0);
  },
);

test(
  'a run goes on after kill -9 with what was done, and asks about what may have been',
  { timeout: 60_000 },
  async () => {
    const { folder, plan } = planOf(['echo', 'first'], ['sleep', '600'], ['echo', 'last']);
    const first = await startDaemon({ folder });
    const submitted = await answerOf<Run>(folder, 'submit', '--plan', plan, '--detach');
    const following = beginHoldfast(folder, ['logs', submitted.id, '-f', '--data', folder]);
    await until(() => following.stdout().includes('sleep 600'));
    first.child.kill('SIGKILL');
    await first.ended;
    await startDaemon({ folder });
    // Whoever followed it goes on, too.
    await until(() => following.stdout().includes('a person decides'));
    const { run } = await answerOf<Status>(folder, 'status', submitted.id);
    expect(run).toMatchObject({ interrupted: 1, counts: { done: 1, waiting: 1 } });
    const sessions = await answerOf<{ id: string; activity?: string }[]>(folder, 'sessions');
    const unsure = sessions.find(({ activity }) => activity === 'unsure');
    expect((await holdfast(folder, ['settle', unsure!.id, 'skip'])).code).toBe(0);
    await following.ended;
    const over = await answerOf<Status>(folder, 'status', submitted.id);
    expect(over.run.state).toBe('finished');
    const begun = following.stdout().match(/step-1, runner/g);
    expect(begun).toHaveLength(1);
  },
);

test('what cannot be started says all that is wrong, and starts nothing', { timeout: 60_000 }, async () => {
  const folder = testFolder();
  await startDaemon({ folder });
  const plan = join(folder, 'plan.json');
  writeFileSync(
    plan,
    JSON.stringify({
      subtasks: [
        { id: 'a', role: 'nobody' },
        { id: 'b', role: 'no-one' },
      ],
    }),
  );
  const wrong = await holdfast(folder, ['submit', '--plan', plan]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('nobody');
  expect(wrong.stderr).toContain('no-one');
  const nothing = await holdfast(folder, ['submit']);
  expect(nothing).toMatchObject({ code: 2, stdout: '' });
  const missing = await holdfast(folder, ['submit', '--recipe', 'clean-run', '--json']);
  expect(missing.code).toBe(2);
  expect(JSON.parse(missing.stderr)).toMatchObject({ error: { code: 'invalid_input' } });
  expect(await answerOf<Run[]>(folder, 'list')).toEqual([]);
});
