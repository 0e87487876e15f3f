import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';

/** The sheet that starts command agents, and what is dropped on the window. */
export class WorkPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  get sheet(): Locator {
    return this.page.getByRole('dialog', { name: 'Start a command agent' });
  }

  get files(): Locator {
    return this.sheet.getByRole('list', { name: 'Files', exact: true }).getByRole('listitem');
  }

  get problems(): Locator {
    return this.sheet.getByRole('list', { name: 'Problems of this file' }).getByRole('listitem');
  }

  get may(): Locator {
    return this.sheet.getByRole('list', { name: 'What it may do' });
  }

  get start(): Locator {
    return this.sheet.getByRole('button', { name: /^Start/ });
  }

  /** Files dropped on the window by hand, each with its text. */
  async drop(files: Readonly<Record<string, string>>): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(`(() => {
      const held = new DataTransfer();
      for (const [name, text] of ${JSON.stringify(Object.entries(files))}) held.items.add(new File([text], name));
      return held;
    })()`);
    await this.page.dispatchEvent('body', 'dragover', { dataTransfer });
    await this.page.dispatchEvent('body', 'drop', { dataTransfer });
    await this.sheet.waitFor();
  }
}
