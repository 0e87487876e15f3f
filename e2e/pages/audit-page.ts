import { expect, type Locator } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo } from './going.ts';

export class AuditPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page() {
    return this.#app.page;
  }

  get search(): Locator {
    return this.page.getByRole('combobox', { name: 'Search the record' });
  }

  get suggestions(): Locator {
    return this.page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
  }

  get list(): Locator {
    return this.page.getByRole('grid', { name: 'Events, newest first' });
  }

  get rows(): Locator {
    return this.list.getByRole('row');
  }

  get selected(): Locator {
    return this.list.locator('[aria-selected="true"]');
  }

  get newest(): Locator {
    return this.page.getByRole('button', { name: /jump to newest/ });
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: /^Event / });
  }

  chip(name: 'Kind' | 'Actor' | 'Time'): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${name}: `) });
  }

  async open(): Promise<void> {
    await goTo(this.page, 'Audit');
    await expect(this.rows.first()).toBeVisible();
    await expect(this.list.getByLabel('loading')).toHaveCount(0);
  }

  async find(text: string): Promise<void> {
    await this.search.fill(text);
    await this.search.press('Enter');
  }

  /** Opens the inspector of the event with these words. */
  async inspect(words: string | RegExp): Promise<void> {
    await this.rows.filter({ hasText: words }).first().click();
    await expect(this.inspector.getByRole('region', { name: 'Proof' })).toBeVisible();
  }
}
