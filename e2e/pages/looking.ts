import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const wide = { width: 1280, height: 820 };
const narrow = { width: 900, height: 700 };

/** Only when asked: pictures in the documents change when somebody means them to. */
const updatePictures = process.env['UPDATE_PICTURES'] === '1';
const pictured = new Set(
  ['now', 'audit', 'session-changes'].flatMap((name) => [`${name}-light-1280`, `${name}-dark-1280`]),
);

/** Run in the page: waits until nothing moves any more, but for what moves without an end or stands still halfway. */
const stillness = `Promise.all(document.getAnimations()
  .filter((animation) => animation.playState === 'running' && animation.effect?.getComputedTiming().endTime !== Infinity)
  .map((animation) => animation.finished.catch(() => null))).then(() => null)`;

/** A picture for people to look at, and axe's own look. */
export async function look(page: Page, name: string, project: string): Promise<void> {
  await picture(page, name, project);
  await refuseBarriers(page, name);
}

/**
 * The same in both themes and two widths in a browser, in one way elsewhere. Colours are all that axe sees to differ
 * between themes, and nothing that it sees differs between the widths.
 */
export async function lookInAllWays(page: Page, name: string, project: string): Promise<void> {
  const [sizes, colours] =
    project === 'browser' ? [[narrow, wide], ['dark', 'light'] as const] : [[wide], ['light'] as const];
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const theme of colours) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await picture(page, `${name}-${theme}-${size.width}`, project);
      if (size === wide) await refuseBarriers(page, `${name}-${theme}`);
    }
  }
}

async function picture(page: Page, name: string, project: string): Promise<void> {
  await page.evaluate(stillness);
  await page.screenshot({ path: `test-results/screens/${project}/${name}.png` });
  if (updatePictures && project === 'browser' && pictured.has(name))
    await page.screenshot({ path: `docs/pictures/${name}.png` });
}

/** Our pages have no frames: all is looked at within the page, and of what axe finds only the barriers come out. */
async function refuseBarriers(page: Page, name: string): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes[0]?.html}`)).toEqual([]);
}
