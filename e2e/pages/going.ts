import { expect, type Page } from '@playwright/test';

export type ScreenName =
  'Now' | 'Runs' | 'Approvals' | 'Sessions' | 'Agents' | 'Objectives' | 'Audit' | 'Settings';

const linkOf = (page: Page, screen: ScreenName) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen });

/** Goes to a screen by its link. It stands afterwards, and with it its keys. */
export async function goTo(page: Page, screen: ScreenName): Promise<void> {
  await linkOf(page, screen).click();
  await stands(page, screen);
}

/** Goes to a screen by the two keys that lead there. */
export async function goByKeys(page: Page, screen: ScreenName, second: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(second);
  await stands(page, screen);
}

async function stands(page: Page, screen: ScreenName): Promise<void> {
  await expect(linkOf(page, screen)).toHaveAttribute('aria-current', 'page');
}
