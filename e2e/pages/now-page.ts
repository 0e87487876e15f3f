import type { Locator } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goByKeys } from './going.ts';

export class NowPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get welcome(): Locator {
    return this.#app.page.getByRole('region', { name: 'Agents that are held in' });
  }

  /** The first steps, in order. */
  get steps(): Locator {
    return this.welcome.getByRole('list', { name: 'First steps' }).getByRole('listitem');
  }

  get remark(): Locator {
    return this.#app.page.getByRole('textbox', { name: 'Put a remark on the record' });
  }

  get note(): Locator {
    return this.#app.page.getByRole('button', { name: 'Note' });
  }

  get contained(): Locator {
    return this.#app.page.getByRole('region', { name: 'Start in a sandbox' });
  }

  get waiting(): Locator {
    return this.#lines('What waits for you');
  }

  get working(): Locator {
    return this.#lines('What is at work');
  }

  get lately(): Locator {
    return this.#lines('What was lately');
  }

  get machine(): Locator {
    return this.#app.page.getByRole('region', { name: 'This machine' });
  }

  get newest(): Locator {
    return this.#lines('Newest events');
  }

  async open(): Promise<void> {
    await goByKeys(this.#app.page, 'Now', 'n');
  }

  #lines(name: string): Locator {
    return this.#app.page.getByRole('list', { name, exact: true }).getByRole('listitem');
  }
}
