import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const sizes = [
  { width: 1280, height: 820 },
  { width: 900, height: 700 },
];

/** Only when asked: pictures in the documents change when somebody means them to. */
const updatePictures = process.env['UPDATE_PICTURES'] === '1';
const pictured = new Set(
  ['now', 'audit', 'session-changes'].flatMap((name) => [`${name}-light-1280`, `${name}-dark-1280`]),
);

/** Run in the page: waits until nothing moves any more. */
const stillness =
  'Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))).then(() => null)';

/** A picture for people to look at, and axe's own look. */
export async function look(page: Page, name: string, project: string): Promise<void> {
  await page.evaluate(stillness);
  await page.screenshot({ path: `test-results/screens/${project}/${name}.png` });
  if (updatePictures && project === 'browser' && pictured.has(name))
    await page.screenshot({ path: `docs/pictures/${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes[0]?.html}`)).toEqual([]);
}
