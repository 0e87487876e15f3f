import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo } from './going.ts';

export class AgentsPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  async open(): Promise<void> {
    await goTo(this.page, 'Agents');
  }

  get list(): Locator {
    return this.page.getByRole('list', { name: 'Agents', exact: true }).getByRole('listitem');
  }

  view(name: string): Locator {
    return this.page.getByRole('region', { name: `Agent ${name}` });
  }

  get rights(): Locator {
    return this.page.getByRole('list', { name: 'What it may do' }).getByRole('listitem');
  }

  get text(): Locator {
    return this.page.getByRole('textbox', { name: 'Text of the file' });
  }

  get problems(): Locator {
    return this.page.getByRole('list', { name: 'Problems of this file' }).getByRole('listitem');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async choose(name: string): Promise<void> {
    await this.list.getByRole('button').filter({ hasText: name }).first().click();
    await this.view(name).waitFor();
  }

  async make(name: string, parent: string): Promise<void> {
    await this.page.keyboard.press('w');
    const dialog = this.page.getByRole('dialog', { name: 'New agent' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('combobox', { name: 'Begins with' }).selectOption(parent);
    await dialog.getByRole('button', { name: 'Make' }).click();
    await this.view(name).waitFor();
  }
}
