import { expect, test } from '../launchers/app-test.ts';
import { lookInAllWays } from '../pages/looking.ts';

test.use({ planted: 3000 });

test('every screen and dialog is accessible and pictured', async ({ frame, now, audit, settings }, info) => {
  test.setTimeout(240_000);
  const { page } = frame;
  const picture = (name: string) => lookInAllWays(page, name, info.project.name);
  await frame.live();
  await expect(now.newest.first()).toBeVisible();
  await picture('welcome');
  await now.welcome.getByRole('button', { name: /Got it/ }).click();
  await picture('now');

  await page.keyboard.press('ControlOrMeta+k');
  await expect(frame.palette).toBeVisible();
  await picture('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(frame.dialog('Keys')).toBeVisible();
  await picture('keys');
  await page.keyboard.press('Escape');

  await audit.open();
  await audit.inspect('capability.denied');
  await expect(audit.inspector.getByText('✓ included')).toBeVisible();
  await picture('audit');
  await page.keyboard.press('Escape');
  await audit.chip('Kind').click();
  await expect(page.getByRole('menu')).toBeVisible();
  await picture('audit-kinds');
  await page.keyboard.press('Escape');
  await audit.search.fill('kind:cap');
  await expect(audit.suggestions.first()).toBeVisible();
  await picture('audit-suggestions');
  await audit.search.fill('');
  await audit.list.focus();
  await page.keyboard.press('v');
  await expect(frame.dialog('Verify the record').getByText(/The record is whole/)).toBeVisible();
  await picture('verify');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(frame.dialog('Export a bundle').getByRole('table')).toBeVisible();
  await picture('export');
  await page.keyboard.press('Escape');

  await settings.open();
  await expect(settings.tokens.first()).toBeVisible();
  await picture('settings');
  await settings.section('About').scrollIntoViewIfNeeded();
  await picture('settings-end');
  await page.keyboard.press('t');
  await frame.dialog('New token').getByText('Only what I name').click();
  await picture('token');
});
