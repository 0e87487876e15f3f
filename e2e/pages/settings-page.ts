import { expect, type Locator } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo } from './going.ts';

export class SettingsPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page() {
    return this.#app.page;
  }

  section(
    name:
      | 'Appearance'
      | 'Models'
      | 'Searching the web'
      | 'Mail'
      | 'Containment'
      | 'Command agents'
      | 'Data'
      | 'Record'
      | 'Tokens'
      | 'Secrets'
      | 'About',
  ): Locator {
    return this.page.getByRole('region', { name });
  }

  get tokens(): Locator {
    return this.page.getByRole('list', { name: 'Tokens' }).getByRole('listitem');
  }

  get secrets(): Locator {
    return this.page.getByRole('list', { name: 'Secrets' }).getByRole('listitem');
  }

  get providers(): Locator {
    return this.page.getByRole('list', { name: 'Providers' }).getByRole('listitem');
  }

  async open(): Promise<void> {
    await goTo(this.page, 'Settings');
    await expect(this.section('Tokens')).toBeVisible();
  }

  /** Chooses a theme by its word. */
  async theme(name: 'As the system' | 'Light' | 'Dark'): Promise<void> {
    await this.section('Appearance').getByRole('radio', { name }).click();
  }
}
