import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';

/** A session with an agent. */
export class ConversationPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  get transcript(): Locator {
    return this.page.getByRole('log', { name: 'Transcript' });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to/ });
  }

  get standing(): Locator {
    return this.page.getByRole('region', { name: /^Session / }).getByRole('status');
  }

  get raising(): Locator {
    return this.page.getByRole('region', { name: 'Its budget is used up' });
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'What it may do' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The head of a tool's card. */
  card(title: string | RegExp): Locator {
    return this.transcript.getByRole('button', { expanded: false }).filter({ hasText: title });
  }

  async ask(options: {
    agent: string;
    text: string;
    folder?: string;
    mode?: string;
    budget?: string;
  }): Promise<void> {
    await this.page.keyboard.press('a');
    const dialog = this.page.getByRole('dialog', { name: 'Ask an agent' });
    await dialog.getByRole('combobox', { name: 'Who' }).selectOption(options.agent);
    await dialog.getByRole('textbox', { name: 'What should it do' }).fill(options.text);
    if (options.folder !== undefined) {
      await dialog.getByRole('textbox', { name: 'Folder 1' }).fill(options.folder);
      if (options.mode !== undefined) {
        await dialog.getByRole('combobox', { name: 'What it may do in folder 1' }).selectOption(options.mode);
      }
    }
    if (options.budget !== undefined)
      await dialog.getByRole('textbox', { name: 'Budget' }).fill(options.budget);
    await dialog.getByRole('button', { name: /^Start/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
}
