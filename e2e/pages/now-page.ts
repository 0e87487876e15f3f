import type { Locator } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';

export class NowPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get welcome(): Locator {
    return this.#app.page.getByRole('region', { name: 'A record that can be proven' });
  }

  get remark(): Locator {
    return this.#app.page.getByRole('textbox', { name: 'Put a remark on the record' });
  }

  get note(): Locator {
    return this.#app.page.getByRole('button', { name: 'Note' });
  }

  get contained(): Locator {
    return this.#app.page.getByRole('region', { name: 'At work in a sandbox' });
  }

  get machine(): Locator {
    return this.#app.page.getByRole('region', { name: 'This machine' });
  }

  get newest(): Locator {
    return this.#app.page.getByRole('list', { name: 'Newest events' }).getByRole('listitem');
  }
}
