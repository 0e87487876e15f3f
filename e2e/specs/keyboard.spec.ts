import { expect, test } from '../launchers/app-test.ts';

test.use({ planted: 300 });

test('the palette reaches every screen and action by a few letters', async ({
  frame,
  now,
  audit,
  settings,
}) => {
  await frame.live();
  await frame.command('gta');
  await expect(audit.list).toBeVisible();
  await frame.command('gtses');
  await expect(frame.page.getByText('Nothing has run in a sandbox yet')).toBeVisible();
  await frame.command('gtset');
  await expect(settings.section('Tokens')).toBeVisible();
  await frame.command('remark');
  await expect(now.remark).toBeFocused();
  await frame.command('sign a checkpoint');
  await expect(frame.toasts).toContainText('Signed a checkpoint');
  await frame.command('theme dark');
  await expect(frame.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await frame.command('verify');
  await expect(frame.dialog('Verify the record')).toBeVisible();
  await frame.page.keyboard.press('Escape');
  await frame.command('export');
  await expect(frame.dialog('Export a bundle')).toBeVisible();
  await frame.page.keyboard.press('Escape');
  await frame.command('make a token');
  await expect(frame.dialog('New token')).toBeVisible();
});

test('the page of keys shows what the keyboard does here', async ({ frame, audit }) => {
  await audit.open();
  await frame.page.keyboard.press('?');
  const keys = frame.dialog('Keys');
  for (const title of ['Go to Now', 'Verify the record', 'Jump to the newest event']) {
    await expect(keys.getByText(title)).toBeVisible();
  }
});

test('an event is found, read and closed without a mouse', async ({ frame, audit }) => {
  await frame.live();
  await frame.page.keyboard.press('g');
  await frame.page.keyboard.press('a');
  await expect(audit.rows.first()).toBeVisible();
  await frame.page.keyboard.press('/');
  await frame.page.keyboard.type('kind:approval.asked');
  await frame.page.keyboard.press('Enter');
  await expect(audit.rows.filter({ hasNotText: 'approval.asked' })).toHaveCount(0);
  await expect(audit.rows.first()).toContainText('approval.asked');
  await expect(audit.list).toBeFocused();
  await frame.page.keyboard.press('ArrowDown');
  await frame.page.keyboard.press('ArrowDown');
  await frame.page.keyboard.press('Enter');
  await expect(audit.inspector).toContainText('asks: npm publish --dry-run');
  const first = await audit.inspector.getAttribute('aria-label');
  await frame.page.keyboard.press('PageDown');
  await expect(audit.inspector).not.toHaveAccessibleName(first ?? '');
  await frame.page.keyboard.press('Escape');
  await expect(audit.inspector).toBeHidden();
  await expect(audit.list).toBeFocused();
});

test('keys do nothing while something is typed', async ({ frame, now }) => {
  await frame.live();
  await now.remark.focus();
  await frame.page.keyboard.type('ga?v/t');
  await expect(now.remark).toHaveValue('ga?v/t');
});

test('the first tab stop skips to the screen', async ({ frame }) => {
  await frame.live();
  await frame.page.keyboard.press('Tab');
  await expect(frame.page.getByRole('link', { name: 'Skip to the screen' })).toBeFocused();
  await frame.page.keyboard.press('Enter');
  await expect(frame.page.getByRole('main')).toBeFocused();
});
