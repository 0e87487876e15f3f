import type { Locator, Page } from '@playwright/test';
import type { Launched } from '../launchers/launched.ts';
import { goByKeys } from './going.ts';

/** One run, or the list of all. */
export class RunPage {
  readonly #app: Launched;

  constructor(app: Launched) {
    this.#app = app;
  }

  get page(): Page {
    return this.#app.page;
  }

  get list(): Locator {
    return this.page.getByRole('list', { name: 'Runs', exact: true }).getByRole('listitem');
  }

  /** What it does, for how long, and what it cost. */
  get standing(): Locator {
    return this.page.getByRole('banner').or(this.page.locator('header')).getByRole('status');
  }

  get graph(): Locator {
    return this.page.getByRole('application', { name: /^Graph of/ });
  }

  /** What is said aloud of the part that the graph stands on. */
  get told(): Locator {
    return this.page.locator('[data-laid] [role="status"]');
  }

  get parts(): Locator {
    return this.page.getByRole('listbox', { name: 'Parts' }).getByRole('option');
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary');
  }

  get pane(): Locator {
    return this.page.getByRole('region', { name: /^About (this run|the part)/ });
  }

  get question(): Locator {
    return this.page.getByRole('region', { name: 'This plan waits for you' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async open(): Promise<void> {
    await goByKeys(this.page, 'Runs', 'r');
  }

  /** The graph stands, and the keys are its own. */
  async focusGraph(): Promise<void> {
    await this.page.locator('[data-laid]').waitFor();
    await this.graph.focus();
  }
}
