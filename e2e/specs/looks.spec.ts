import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../launchers/app-test.ts';

test.use({ planted: 3000 });

const sizes = [
  { width: 1280, height: 820 },
  { width: 900, height: 700 },
];

/** Only when asked: pictures in the documents change when somebody means them to. */
const updatePictures = process.env['UPDATE_PICTURES'] === '1';
const pictured = new Set(['now-light-1280', 'now-dark-1280', 'audit-light-1280', 'audit-dark-1280']);

/** Run in the page: waits until nothing moves any more. */
const stillness =
  'Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))).then(() => null)';

async function look(page: Page, name: string, project: string): Promise<void> {
  await page.evaluate(stillness);
  await page.screenshot({ path: `test-results/screens/${project}/${name}.png` });
  if (updatePictures && project === 'browser' && pictured.has(name))
    await page.screenshot({ path: `docs/pictures/${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes[0]?.html}`)).toEqual([]);
}

for (const theme of ['light', 'dark'] as const) {
  for (const size of sizes) {
    test(`every screen and dialog is accessible and pictured, ${theme}, ${size.width} wide`, async ({
      frame,
      now,
      audit,
      settings,
    }, info) => {
      // Fourteen pictures, each looked over by axe.
      test.setTimeout(240_000);
      const { page } = frame;
      const picture = (name: string) => look(page, `${name}-${theme}-${size.width}`, info.project.name);
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
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
  }
}
