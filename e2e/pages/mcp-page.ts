import { expect, type Locator, type Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo } from './going.ts';

/** Settings → MCP: programs that speak with Holdfast, and servers of tools. */
export class McpPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  get programs(): Locator {
    return this.page.getByRole('list', { name: 'Programs', exact: true }).getByRole('listitem');
  }

  get servers(): Locator {
    return this.page.getByRole('list', { name: 'Servers of tools' }).getByRole('listitem');
  }

  get listening(): Locator {
    return this.page
      .getByRole('region', { name: 'Programs that speak with Holdfast' })
      .getByRole('status')
      .first();
  }

  server(name: string): Locator {
    return this.page.getByRole('region', { name: `Server ${name}` });
  }

  tool(name: string): Locator {
    return this.page.getByRole('article', { name: `Tool ${name}` });
  }

  /** Fills in the form of a server elsewhere, as far as all of them are alike, adds it, and starts it. */
  async addElsewhere(url: string, fillIn: (dialog: Locator) => Promise<void>): Promise<Locator> {
    await this.page.keyboard.press('w');
    const dialog = this.page.getByRole('dialog', { name: 'Add a server of tools' });
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('far');
    await dialog.getByRole('radio', { name: /^An address/ }).click();
    await dialog.getByRole('textbox', { name: 'Address' }).fill(url);
    await fillIn(dialog);
    await dialog.getByRole('button', { name: /^Add ?↵?$/ }).click();
    const view = this.server('far');
    await expect(view).toContainText('Its tools are not known yet');
    await this.page.keyboard.press('s');
    return view;
  }

  async open(): Promise<void> {
    await goTo(this.page, 'Settings');
    await this.page.getByRole('button', { name: 'Open MCP: programs' }).click();
    await expect(this.page.getByRole('heading', { name: 'MCP', level: 1 })).toBeVisible();
  }
}
