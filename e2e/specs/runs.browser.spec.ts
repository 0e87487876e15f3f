import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
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

/** Of two parts the second reads what the first one wrote, in one folder. */
const tides = {
  name: 'tides',
  title: 'Tell the tide',
  parameters: { folder: { type: 'path', required: true, description: 'Where the tide is told' } },
  needs: { folders: [{ parameter: 'folder', mode: 'review' }] },
  plan: {
    subtasks: [
      {
        id: 'write',
        role: 'runner',
        params: { command: ['sh', '-c', 'echo high >tide.txt; echo full >moon.txt'], folder: '{folder}' },
      },
      {
        id: 'read',
        role: 'runner',
        depends_on: ['write'],
        params: {
          command: ['cat', 'tide.txt', 'moon.txt'],
          folder: '{folder}',
          report: '{run}/told.txt',
        },
      },
    ],
    final_output: '{run}/told.txt',
  },
};

test('parts work on one version of a folder under review; the person applies one file of it and throws away the rest', async ({
  app,
  frame,
  now,
  launch,
  run,
  folder,
}) => {
  const { page } = frame;
  const recipes = path.join(app.data, 'configuration', 'holdfast', 'recipes');
  await mkdir(recipes, { recursive: true });
  await writeFile(path.join(recipes, 'tides.yaml'), JSON.stringify(tides));
  await frame.live();
  await launch.open();
  await launch.recipe('Tell the tide');
  await launch.field('Folder').fill(folder);
  await expect(launch.card).toContainText(folder);
  await launch.start.click();

  await expect(run.standing.first()).toContainText('succeeded, its changes wait for you');
  await expect(run.pane.getByLabel('Result')).toContainText('high');
  expect(await readFile(path.join(folder, 'tide.txt'), 'utf8')).toBe('low\n');
  await now.open();
  await now.waiting.filter({ hasText: 'its changes wait for you' }).getByRole('link').click();
  await page.getByRole('checkbox', { name: 'Apply tide.txt' }).click();
  await run.button('Apply 1 change').click();
  await expect(frame.toasts).toContainText('Applied 1 change.');
  await expect(run.inspector).toContainText('partly applied; the rest waits for you');
  await run.button('Throw away…').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click();
  await expect(run.pane).toContainText('It is decided.');
  expect((await readdir(folder)).toSorted()).toEqual(['moon.txt', 'tide.txt']);
  expect(await readFile(path.join(folder, 'moon.txt'), 'utf8')).toBe('full\n');
  expect(await readFile(path.join(folder, 'tide.txt'), 'utf8')).toBe('low\n');
});
