/**
 * Keeps the pages that were looked at last and lets go of the others, so that a list of any length
 * costs the memory of a few screens.
 */
export class PageCache<Key, Page> {
  readonly #pages = new Map<Key, Page>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#pages.size;
  }

  /** Looking at a page keeps it. */
  get(key: Key): Page | undefined {
    const page = this.#pages.get(key);
    if (page === undefined) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page;
  }

  put(key: Key, page: Page): void {
    this.#pages.delete(key);
    this.#pages.set(key, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#most) return;
      this.#pages.delete(oldest);
    }
  }
}
