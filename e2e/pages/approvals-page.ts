import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo } from './going.ts';

export class ApprovalsPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  async open(): Promise<void> {
    await goTo(this.page, 'Approvals');
  }

  get waiting(): Locator {
    return this.page.getByRole('list', { name: 'Waiting' }).getByRole('listitem');
  }

  get answered(): Locator {
    return this.page.getByRole('list', { name: 'Answered' }).getByRole('listitem');
  }

  get shown(): Locator {
    return this.page.getByRole('article');
  }

  get parts(): Locator {
    return this.page.getByRole('list', { name: 'What it consists of' }).getByRole('listitem');
  }

  get rules(): Locator {
    return this.page.getByRole('region', { name: 'Rules' }).getByRole('list').getByRole('listitem');
  }

  answer(name: string): Locator {
    return this.page.getByRole('radio', { name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }
}
