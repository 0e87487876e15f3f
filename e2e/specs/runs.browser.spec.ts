import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/person-folder.ts';

test('a newcomer without a model runs a recipe in a real sandbox, sees what it may do first, and has its result', async ({
  frame,
  now,
  launch,
  run,
  folder,
}) => {
  const { page } = frame;
  await writeFile(path.join(folder, 'moon.txt'), 'low\n', { mode: 0o644 });
  await frame.live();
  await now.steps.first().getByRole('button', { name: 'Choose' }).click();
  await launch.recipe('Find files that are there more than once');
  await expect(launch.start).toBeDisabled();
  await launch.field('Folder').fill('somewhere');
  await expect(launch.card).toContainText('“/”');
  await launch.field('Folder').fill(folder);
  await expect(launch.card).toContainText(`read what is in ${folder}`);
  await expect(launch.card).toContainText('Reaches nothing on the network.');
  await launch.field('Folder').press('ControlOrMeta+Enter');

  await expect(run.standing.first()).toContainText('succeeded');
  await expect(run.pane.getByLabel('Result')).toContainText('1 groups, 1 files more than needed');
  await expect(run.inspector).toContainText('duplicates.txt');
  await run.focusGraph();
  await page.keyboard.press('ArrowRight');
  await expect(run.told).toHaveText('Compare the files succeeded');
  await expect(page).toHaveURL(/#\/runs\/run_[0-9a-z]{26}\/look$/);
  await expect(run.inspector).toContainText(`read ${folder}`);
  await page.keyboard.press('3');
  await expect(run.pane.getByLabel(/^Text of/)).toContainText('moon.txt');
  await page.keyboard.press('y');
  await expect(run.button('One event on')).toBeVisible();
  await page.keyboard.press('.');
  await expect(page.getByRole('slider', { name: 'Event of this run' })).toHaveAttribute(
    'aria-valuetext',
    /began/,
  );
  await page.keyboard.press('y');

  await run.open();
  await expect(run.list.first()).toContainText('succeeded');
  await now.open();
  await expect(now.lately.first()).toContainText('Find files that are there more than once');
});
