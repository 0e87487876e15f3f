import { expect, test } from '../launchers/app-test.ts';

test('a first visit says what Holdfast is and offers the first three steps', async ({ now, frame }) => {
  await expect(now.welcome).toContainText('signed record on this machine');
  for (const step of ['Verify', 'New token', 'Export']) {
    await expect(now.welcome.getByRole('button', { name: step })).toBeVisible();
  }
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
