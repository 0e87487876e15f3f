import { expect, test } from '../launchers/app-test.ts';
import { lookInAllWays } from '../pages/looking.ts';

test('an objective is made from a recipe, run now, its run seen from its page, paused, and changed', async ({
  frame,
  objectives,
  run,
}) => {
  const { page } = frame;
  const { sheet } = objectives;
  await frame.live();
  await objectives.open();
  await expect(page.getByText('Nothing has a schedule')).toBeVisible();
  await page.keyboard.press('w');
  await sheet.getByRole('group', { name: 'What it begins' }).getByRole('button', { name: 'Recipe' }).click();
  await sheet.getByRole('radio', { name: 'Run a command where nothing else is' }).click();
  await sheet.getByRole('textbox', { name: 'Command' }).fill('true');
  await sheet.getByRole('combobox', { name: 'It begins' }).selectOption('On weekdays');
  await sheet.getByRole('textbox', { name: 'At' }).fill('02:30');
  await expect(objectives.next).toHaveCount(5);
  await expect(sheet.getByRole('textbox', { name: 'Its name' })).toHaveValue('clean-run');
  await sheet.getByRole('textbox', { name: 'Its name' }).fill('nightly');
  await sheet.getByRole('button', { name: /^Make/ }).click();
  await expect(sheet).toBeHidden();

  const view = objectives.view('nightly');
  await expect(view).toContainText('on weekdays at 02:30');
  await page.keyboard.press('r');
  await expect(objectives.last.first()).toContainText('succeeded');
  await expect(objectives.list.first()).toContainText('Run a command');
  await page.keyboard.press('p');
  await expect(view.getByRole('status')).toHaveText('is paused');
  await page.keyboard.press('m');
  await sheet.getByRole('button', { name: 'Change…' }).click();
  await sheet
    .getByRole('combobox', { name: 'Where the one before still runs' })
    .selectOption('this time is left out');
  await sheet.getByRole('button', { name: /^Save/ }).click();
  await expect(sheet).toBeHidden();
  await expect(view).toContainText('Is left out where the one before still runs.');
  await objectives.last.first().getByRole('link', { name: 'Its run' }).click();
  await expect(run.standing.first()).toContainText('succeeded');
  await run.button('More').click();
  await page.getByRole('menuitem', { name: 'Schedule this…' }).click();
  await expect(sheet).toContainText('Run a command where nothing else is');
  await expect(sheet.getByRole('button', { name: /^Make/ })).toBeEnabled();
});

test('objectives are accessible and pictured @looks', async ({ app, frame, now, objectives }, info) => {
  test.setTimeout(120_000);
  const { page } = frame;
  const picture = (name: string) => lookInAllWays(page, name, info.project.name);
  const add = async (name: string, options: string[], what: string[]) => {
    const { code } = await app.cli('schedule', 'add', name, ...options, '--', ...what);
    expect(code).toBe(0);
  };
  const clean = (title: string, command: string) => {
    const words = ['--recipe', 'clean-run', '--title', title, '--param', `command=${command}`];
    return ['submit', ...words];
  };
  await frame.live();
  await add('backup', ['--cron', '30 2 * * *', '--overlap', 'skip'], clean('Copy the notes away', 'true'));
  const failing = ['--cron', '15 7 * * 1-5', '--zone', 'Europe/Berlin', '--back-off', '--pause-after', '2'];
  await add('links', failing, clean('Check every link of the handbook', 'false'));
  for (const name of ['backup', 'links', 'links']) {
    expect((await app.cli('schedule', 'run', name)).code).toBe(0);
  }
  await objectives.open();
  await objectives.list.filter({ hasText: 'links' }).getByRole('button').click();
  await expect(objectives.view('links').getByRole('status')).toContainText('failed 2 times in a row');
  await expect(objectives.view('links').getByRole('status')).toContainText('is paused');
  await picture('objectives');
  await page.keyboard.press('w');
  const { sheet } = objectives;
  await sheet.getByRole('button', { name: 'Change…' }).click();
  await sheet.getByRole('textbox', { name: 'Goal' }).fill('Look at the tide.');
  await expect(objectives.next).toHaveCount(5);
  await picture('objective-sheet');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await now.open();
  await expect(now.waiting.filter({ hasText: 'links' })).toContainText('failed 2 times in a row');
});
