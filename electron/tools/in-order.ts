/** Does what is asked under one name one after the other: what each decides from is what the one before has left. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  do<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const kept = mine
      .catch(() => undefined)
      .finally(() => {
        if (this.#last.get(name) === kept) this.#last.delete(name);
      });
    this.#last.set(name, kept);
    return mine;
  }
}
