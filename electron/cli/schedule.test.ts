import { expect, test } from 'vitest';
import type { Objective } from '../../shared/objective.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon } from './testing/launch.ts';

/** What it begins stands behind “--” at the end of the line. */
async function add(folder: string, name: string, options: string[], what: string[]) {
  const said = beginHoldfast(folder, ['schedule', 'add', name, '--data', folder, ...options, '--', ...what]);
  const { code } = await said.ended;
  return { code, stdout: said.stdout(), stderr: said.stderr() };
}

test(
  'an objective is made from what submit and run take, begun by hand, paused, and outlives its Holdfast',
  { timeout: 90_000 },
  async () => {
    const daemon = await startDaemon();
    const { folder } = daemon;
    const made = await add(
      folder,
      'nightly',
      [
        '--cron',
        '30 2 * * *',
        '--zone',
        'Europe/Berlin',
        '--overlap',
        'skip',
        '--pause-after',
        '3',
        '--json',
      ],
      ['submit', '--recipe', 'clean-run', '--param', 'command=true', '--title', 'Nothing at night'],
    );
    expect(made.stderr).toBe('');
    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'nightly',
      words: 'Nothing at night',
      timing: { cron: '30 2 * * *', zone: 'Europe/Berlin' },
      policy: { overlap: 'skip', pauseAfter: 3 },
      work: { kind: 'run', wish: { invocation: { kind: 'recipe', recipe: 'clean-run' } } },
    });
    const wrong = await add(folder, 'wrong', ['--cron', '61 * * * *'], ['submit', 'Look.']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('“61” for the minute')]);
    const unknown = await add(folder, 'wrong', ['--cron', '1 * * * *'], ['dance']);
    expect(unknown.stderr).toContain('What it should begin is not understood');
    const begun = await holdfast(folder, ['schedule', 'run', 'nightly']);
    expect(begun.stdout).toMatch(/^run_/);
    await holdfast(folder, ['schedule', 'pause', 'nightly']);
    await holdfast(folder, ['stop']);
    await daemon.ended;
    await startDaemon({ folder });
    const [found] = await answerOf<Objective[]>(folder, 'schedule', 'list');
    expect(found).toMatchObject({
      paused: true,
      next: [],
      times: [{ what: 'begins', thing: begun.stdout.trim() }],
    });
  },
);
