import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/with-model.ts';

const runner = (id: string, command: string[], after: string[] = []) => ({
  id,
  role: 'runner',
  depends_on: after,
  params: { command, report: `{run}/${id}.txt` },
});

/** Five parts, of which the third has a mistake in it until the planner is told. */
const planOf = (folder: string, third: string[]) =>
  JSON.stringify({
    subtasks: [
      runner('tide', ['echo', 'low']),
      runner('moon', ['echo', 'full']),
      runner('compare', third, ['tide', 'moon']),
      {
        id: 'raise',
        role: 'generalist',
        depends_on: ['compare'],
        params: { task: `Raise the tide in ${folder}.` },
      },
      runner('report', ['echo', 'raised'], ['raise']),
    ],
    final_output: '{run}/report.txt',
  });

test('a goal becomes five parts: one fails and is planned again, one asks, Holdfast is killed meanwhile, and all is done', async ({
  app,
  complaints,
  frame,
  folder,
  model,
  launch,
  run,
  approvals,
}) => {
  test.setTimeout(120_000);
  const { page } = frame;
  model.script([
    { text: planOf(folder, ['ls', '/nowhere/at/all']) },
    { text: planOf(folder, ['echo', 'compared']) },
    {
      text: 'I ask first.',
      calls: [
        { tool: 'ask_person', input: { question: 'How high?', choices: ['high', 'highest'], free: false } },
      ],
    },
    { text: 'It is high.' },
  ]);
  await frame.live();
  await launch.open();
  await launch.tab('Goal').click();
  await launch.field('Goal').fill('Raise the tide.');
  await launch.folder(folder, 'Read only');
  await launch.card.getByRole('combobox', { name: 'It is carried out' }).selectOption('plan');
  await expect(launch.card).toContainText(`read what is in ${folder}`);
  await launch.start.click();

  await expect(run.standing.first()).toContainText('waits for you');
  await page.keyboard.press('o');
  await expect(run.parts).toHaveCount(5);
  await expect(run.parts.getByLabel('is kept from before')).toHaveCount(2);
  await expect(run.parts.filter({ hasText: 'raise' }).getByLabel('waits for you')).toBeVisible();
  await app.kill();
  await app.restart();
  await frame.live();
  await approvals.open();
  await expect(approvals.shown).toContainText('How high?');
  await approvals.page.getByRole('radio', { name: 'high', exact: true }).click();
  await approvals.button('Answer').click();

  await run.open();
  await run.list.first().getByRole('button').click();
  await expect(run.standing.first()).toContainText('succeeded');
  await expect(run.inspector).toContainText('Planned');
  await expect(run.inspector).toContainText('once, and went on');
  await expect(run.pane.getByLabel('Result')).toContainText('raised');
  expect(model.requests).toHaveLength(4);
  expect(JSON.stringify(model.requests[1]?.messages)).toContain('compare');
  // The browser itself reports each socket that could not be opened while Holdfast was away.
  expect(
    complaints.filter((complaint) => !/WebSocket|ERR_CONNECTION_REFUSED|Failed to load/.test(complaint)),
  ).toEqual([]);
  complaints.length = 0;
});
