import { runCli } from '../launchers/built.ts';
import { expect, test } from '../launchers/desktop-test.ts';

const submit = async (data: string, ...command: string[]) => {
  const words = command.flatMap((word) => ['--param', `command=${word}`]);
  const { code, out } = await runCli(data, ['submit', '--recipe', 'clean-run', ...words, '--json']);
  return { code, run: /run_[0-9a-z]{26}/.exec(out)?.[0] ?? '' };
};

test('a run that has finished or failed is told of to who looks elsewhere, without what it was, and leads there', async ({
  open,
  data,
}) => {
  const { app, page } = await open();
  const first = await submit(data, 'true');
  expect(first.code).toBe(0);
  const finished = { title: 'A run has finished', body: 'Open Holdfast to see it.' };
  await expect.poll(() => app.notifications()).toEqual([finished]);
  await app.call('clickNotification', 'A run has finished');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`#/runs/${first.run}$`));
  const second = await submit(data, 'false');
  expect(second.code).not.toBe(0);
  const failed = { title: 'A run has failed', body: 'Open Holdfast to see it.' };
  await expect.poll(() => app.notifications()).toContainEqual(failed);
  await app.call('openLink', `holdfast://run/${second.run}/run`);
  await expect(page.getByRole('complementary', { name: 'Part Run the command' })).toContainText('failed');
});

test('an objective that failed too often is told of without its name, and leads to its page', async ({
  open,
  data,
}) => {
  const { app, page } = await open();
  const what = ['submit', '--recipe', 'clean-run', '--param', 'command=false'];
  const rules = ['--cron', '0 0 1 1 *', '--pause-after', '1'];
  expect((await runCli(data, ['schedule', 'add', 'tide', ...rules, '--', ...what])).code).toBe(0);
  expect((await runCli(data, ['schedule', 'run', 'tide'])).code).toBe(0);
  const told = { title: 'An objective failed and is paused', body: 'Open Holdfast to see it.' };
  await expect.poll(() => app.notifications()).toContainEqual(told);
  await app.call('clickNotification', told.title);
  await expect(page).toHaveURL(/#\/objectives\/tide$/);
  await expect(page.getByRole('region', { name: 'Objective tide' })).toContainText('begins nothing until');
});
