import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';

/** Where runs are begun, on Now. */
export class LaunchPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  get card(): Locator {
    return this.page.getByRole('region', { name: 'Begin a run' });
  }

  get start(): Locator {
    return this.card.getByRole('button', { name: /^Start/ });
  }

  get limits(): Locator {
    return this.card.getByRole('button', { name: /^Folder .* Sandbox/ });
  }

  tab(name: 'Goal' | 'Recipe' | 'Agent'): Locator {
    return this.card.getByRole('group', { name: 'What to begin with' }).getByRole('button', { name });
  }

  /** By the key that begins a run, from wherever the person is. */
  async open(): Promise<void> {
    await this.page.keyboard.press('b');
    await this.card.waitFor();
  }

  async recipe(title: string): Promise<void> {
    await this.tab('Recipe').click();
    await this.card.getByRole('radio', { name: title }).click();
  }

  field(name: string | RegExp): Locator {
    return this.card.getByRole('textbox', { name });
  }

  async folder(path: string, mode: 'Read only' | 'Read and write' | 'Review before write'): Promise<void> {
    if ((await this.limits.getAttribute('aria-expanded')) !== 'true') await this.limits.click();
    await this.card.getByRole('button', { name: 'Add a folder' }).click();
    await this.field('Folder 1').fill(path);
    await this.card.getByRole('combobox', { name: 'What it may do in folder 1' }).selectOption(mode);
  }
}
