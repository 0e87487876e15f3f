import { expect, type Locator } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo, type ScreenName } from './going.ts';

/** What surrounds every screen. */
export class FramePage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page() {
    return this.#app.page;
  }

  get status(): Locator {
    return this.page.getByRole('contentinfo', { name: 'Status' });
  }

  get palette(): Locator {
    return this.page.getByRole('dialog', { name: 'Command palette' });
  }

  get toasts(): Locator {
    return this.page.locator('[role="status"][aria-live="polite"]').last();
  }

  dialog(title: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name: title });
  }

  async live(): Promise<void> {
    await expect(this.status).toContainText('live');
  }

  async goTo(screen: ScreenName): Promise<void> {
    await goTo(this.page, screen);
  }

  /** Types into the palette and takes the first that is found. */
  async command(words: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await this.palette.getByRole('combobox').fill(words);
    await this.page.keyboard.press('Enter');
    await expect(this.palette).toBeHidden();
  }
}
