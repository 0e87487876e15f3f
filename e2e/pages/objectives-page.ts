import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goByKeys } from './going.ts';

/** What begins by itself, and when. */
export class ObjectivesPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  get list(): Locator {
    return this.page.getByRole('list', { name: 'Objectives', exact: true }).getByRole('listitem');
  }

  view(name: string): Locator {
    return this.page.getByRole('region', { name: `Objective ${name}` });
  }

  get sheet(): Locator {
    return this.page.getByRole('dialog', { name: /^(New objective|Change )/ });
  }

  get next(): Locator {
    return this.page.getByRole('list', { name: 'Next times' }).getByRole('listitem');
  }

  get last(): Locator {
    return this.page.getByRole('list', { name: 'Last times' }).getByRole('listitem');
  }

  async open(): Promise<void> {
    await goByKeys(this.page, 'Objectives', 'o');
  }
}
