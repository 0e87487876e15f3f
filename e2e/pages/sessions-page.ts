import type { Locator } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goTo } from './going.ts';

export class SessionsPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  async open(): Promise<void> {
    await goTo(this.#app.page, 'Sessions');
  }

  get list(): Locator {
    return this.#app.page.getByRole('list', { name: 'Sessions', exact: true }).getByRole('listitem');
  }

  get dialog(): Locator {
    return this.#app.page.getByRole('dialog', { name: 'Contained terminal' });
  }

  get terminal(): Locator {
    return this.#app.page.locator('.xterm');
  }

  /** What stands on the terminal's screen, as those hear it who do not see it. */
  get rows(): Locator {
    return this.#app.page.locator('.xterm-rows');
  }

  get inspector(): Locator {
    return this.#app.page.getByRole('complementary', { name: 'What it may do' });
  }

  get happened(): Locator {
    return this.inspector.getByRole('list', { name: 'Events of this session' }).getByRole('listitem');
  }

  get standing(): Locator {
    return this.#app.page.getByRole('region', { name: /^Session / }).getByRole('status');
  }

  button(name: string | RegExp): Locator {
    return this.#app.page.getByRole('button', { name, exact: true });
  }

  async start(options: {
    command?: string;
    folder?: string;
    mode?: 'Review before write' | 'Read only' | 'Read and write';
  }): Promise<void> {
    await this.dialog.waitFor();
    if (options.command !== undefined)
      await this.dialog.getByRole('textbox', { name: 'Command' }).fill(options.command);
    if (options.folder !== undefined)
      await this.dialog.getByRole('textbox', { name: 'Folder 1' }).fill(options.folder);
    if (options.mode !== undefined)
      await this.dialog.getByRole('combobox').first().selectOption(options.mode);
    await this.dialog.getByRole('button', { name: /^Start/ }).click();
  }
}
