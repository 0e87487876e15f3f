import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/with-model.ts';

/** Runs a command that gets none of the person’s folders, so that it has nothing to ask. */
const teller = {
  name: 'teller',
  description: 'Runs one command beside all folders, and keeps what it said.',
  parameters: {
    command: { type: 'string_list', required: true },
    report: { type: 'path', required: true },
  },
  command: ['{command.*}'],
  capabilities: ['tool: run_program', 'exec: *', 'file_write: {report}'],
  message_template: 'Run: {command}',
  outputs: ['{report}'],
  scaffold: { kind: 'runner' },
};

const told = (id: string, command: string[], after: string[] = []) => ({
  id,
  role: 'teller',
  depends_on: after,
  params: { command, report: `{run}/${id}.txt` },
});

/** Five parts, of which the third has a mistake in it until the planner is told. */
const planOf = (folder: string, third: string[]) =>
  JSON.stringify({
    subtasks: [
      told('tide', ['echo', 'low']),
      told('moon', ['echo', 'full']),
      told('compare', third, ['tide', 'moon']),
      {
        id: 'raise',
        role: 'generalist',
        depends_on: ['compare'],
        params: { task: `Raise the tide in ${folder}.` },
      },
      told('report', ['echo', 'raised'], ['raise']),
    ],
    final_output: '{run}/report.txt',
  });

test('a goal becomes five parts: one fails and is planned again, one asks before it changes a file, Holdfast is killed meanwhile, and all is done', async ({
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
  const file = path.join(folder, 'tide.txt');
  const roles = path.join(app.data, 'configuration', 'holdfast', 'roles');
  await mkdir(roles, { recursive: true });
  await writeFile(path.join(roles, 'teller.yaml'), JSON.stringify(teller));
  model.script([
    { text: planOf(folder, ['ls', '/nowhere/at/all']) },
    { text: planOf(folder, ['echo', 'compared']) },
    {
      text: 'I change it.',
      calls: [{ tool: 'file_edit', input: { path: file, old_string: 'low', new_string: 'high' } }],
    },
    { text: 'It is high.' },
  ]);
  await frame.live();
  await launch.open();
  await launch.tab('Goal').click();
  await launch.field('Goal').fill('Raise the tide.');
  await launch.folder(folder, 'Read and write');
  await launch.card.getByRole('combobox', { name: 'It is carried out' }).selectOption('plan');
  await expect(launch.card).toContainText(`read and change what is in ${folder}`);
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
  await expect(approvals.waiting).toHaveCount(1);
  await expect(approvals.shown).toContainText('+high');
  await expect(approvals.shown).toContainText(`writes into ${folder} itself`);
  await expect(approvals.answer('Allow once')).toBeVisible();
  expect(await readFile(file, 'utf8')).toBe('low\n');
  await page.keyboard.press('Control+Enter');
  await expect(frame.toasts).toContainText('Allowed once');

  await run.open();
  await run.list.first().getByRole('button').click();
  await expect(run.standing.first()).toContainText('succeeded');
  await expect(run.inspector).toContainText('Planned');
  await expect(run.inspector).toContainText('once, and went on');
  await expect(run.pane.getByLabel('Result')).toContainText('raised');
  expect(await readFile(file, 'utf8')).toBe('high\n');
  // Walked along its time line it is shown with the plan that it had then.
  await page.keyboard.press('y');
  const moment = page.getByRole('slider', { name: 'Event of this run' });
  await moment.fill('4');
  await expect(moment).toHaveAttribute('aria-valuetext', /^plan 1 of 2 · .*planned 5 subtasks$/);
  await expect(run.parts.getByLabel('waits for others')).toHaveCount(5);
  await expect(run.inspector).toContainText('0 of 5 parts');
  await run.parts.filter({ hasText: 'compare' }).click();
  await expect(run.inspector).toContainText('waits for others');
  await page.keyboard.press('4');
  await expect(run.pane).toContainText('/nowhere/at/all');
  await moment.fill((await moment.getAttribute('max')) ?? '');
  await expect(moment).toHaveAttribute('aria-valuetext', /^planned again: plan 2 of 2 · .*ended: success$/);
  await expect(run.parts.getByLabel('is kept from before')).toHaveCount(2);
  await expect(run.pane).toContainText('compared');
  expect(model.requests).toHaveLength(4);
  expect(JSON.stringify(model.requests[1]?.messages)).toContain('compare');
  // The browser itself reports each socket that could not be opened while Holdfast was away.
  expect(
    complaints.filter((complaint) => !/WebSocket|ERR_CONNECTION_REFUSED|Failed to load/.test(complaint)),
  ).toEqual([]);
  complaints.length = 0;
});
