import { expect, test } from '../launchers/app-test.ts';

test('a first visit says what Holdfast is, and the first steps are a recipe, a model, an agent and the record', async ({
  app,
  now,
  frame,
}) => {
  await expect(now.welcome).toContainText('signed record on this machine');
  await expect(now.steps).toHaveCount(4);
  await expect(now.steps.nth(0)).toContainText('needs no model');
  await expect(now.steps.nth(1)).toContainText('Give agents a model');
  await expect(now.steps.nth(2).getByRole('button', { name: /^Ask/ })).toBeVisible();
  await expect(now.steps.nth(3).getByRole('button', { name: 'Verify' })).toBeVisible();
  await now.steps.nth(1).getByRole('button', { name: 'Set up' }).click();
  await expect(frame.dialog('Set up a provider')).toBeVisible();
  await frame.page.keyboard.press('Escape');

  const words = ['--provider', 'mine', '--base-url', 'http://127.0.0.1:9/v1', '--no-key', '--model', 'one'];
  expect((await app.cli('configure', ...words, '--no-test')).code).toBe(0);
  await now.open();
  await expect(now.steps.nth(1)).toContainText('Agents have a model');
  await expect(now.steps.nth(1)).toContainText('mine/one is the default model');

  await now.welcome.getByRole('button', { name: /Got it/ }).click();
  await expect(now.welcome).toBeHidden();
  await frame.page.reload();
  await frame.live();
  await expect(now.welcome).toBeHidden();
});

test('a remark goes on the record and appears among the newest events at once', async ({ now, frame }) => {
  await frame.live();
  await expect(now.note).toBeDisabled();
  await now.remark.fill('The tide tables were checked by hand.');
  await now.remark.press('ControlOrMeta+Enter');
  await expect(frame.toasts).toContainText('On the record as event');
  await expect(now.newest.first()).toContainText('You noted: The tide tables were checked by hand.');
  await expect(now.remark).toHaveValue('');
});

test('what others do appears without a refresh, and the figures follow', async ({ app, now, frame }) => {
  await frame.live();
  const count = async () =>
    Number(/([\d,]+) events/.exec(await frame.status.innerText())?.[1]?.replace(',', ''));
  await expect(now.newest.first()).toBeVisible();
  const before = await count();
  expect((await app.cli('note', 'From the command line')).code).toBe(0);
  await expect(now.newest.first()).toContainText('From the command line');
  await expect.poll(count).toBe(before + 1);
});

test('this machine is told as found, with the rest on request', async ({ now }) => {
  await expect(now.machine.getByText(/are fine/)).toBeVisible();
  await now.machine.getByRole('button', { name: 'Show all' }).click();
  await expect(now.machine.getByText('SQLite', { exact: true })).toBeVisible();
  await now.machine.getByRole('button', { name: 'Look again' }).click();
  await expect(now.machine.getByRole('button', { name: 'Look again' })).toBeEnabled();
});
