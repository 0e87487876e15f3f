import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../launchers/app-test.ts';
import { look, lookInAllWays } from '../pages/looking.ts';

const part = (id: string, title: string, line: string, after: string[] = []) => ({
  id,
  title,
  role: 'runner',
  depends_on: after,
  params: { command: ['sh', '-c', line], report: `{run}/${id}.txt` },
});

const plan = {
  subtasks: [
    part('spec', 'fetch spec', 'echo "stations: 12"'),
    part('log', 'fetch changelog', 'echo "station_id is dropped"'),
    part('compare', 'compare endpoints', 'echo "| old | new |"', ['spec', 'log']),
    part('usage', 'scan our usage', 'echo "3 calls use station_id"; exit 1', ['log']),
    part('report', 'write report', 'echo "# Report"', ['compare', 'usage']),
  ],
  final_output: '{run}/report.txt',
};

test('launcher, runs and a run are accessible and pictured', async ({ app, frame, launch, run }, info) => {
  test.setTimeout(120_000);
  const { page } = frame;
  const picture = (name: string) => lookInAllWays(page, name, info.project.name);
  const file = path.join(app.data, 'plan.json');
  await writeFile(file, JSON.stringify(plan));
  await frame.live();
  await launch.recipe('Fetch pages and join them in one document');
  await launch.limits.click();
  await picture('launch');
  const words = ['--plan', file, '--title', 'Tide API survey', '--approve-plan', 'always', '--detach'];
  expect((await app.cli('submit', ...words)).code).toBe(0);
  await run.open();
  await expect(run.list.first()).toContainText('waits for you');
  await run.list.first().getByRole('button').click();
  await run.focusGraph();
  await look(page, 'run-asking', info.project.name);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(run.standing.first()).toContainText('failed');
  await page.keyboard.press('o');
  await run.focusGraph();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(run.pane.getByRole('log', { name: 'Transcript' })).toBeVisible();
  await picture('run-part');
});
