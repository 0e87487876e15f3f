/** Numbers, the first of them by an order first: each step costs the logarithm of how many there are. */
export class Heap {
  readonly #before: (a: number, b: number) => boolean;
  readonly #all: number[] = [];

  constructor(before: (a: number, b: number) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#all.length;
  }

  push(item: number): void {
    const all = this.#all;
    let at = all.length;
    all.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(item, all[parent]!)) break;
      all[at] = all[parent]!;
      at = parent;
    }
    all[at] = item;
  }

  pop(): number | undefined {
    const all = this.#all;
    const first = all[0];
    const last = all.pop();
    if (last === undefined || all.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= all.length) break;
      if (child + 1 < all.length && this.#before(all[child + 1]!, all[child]!)) child++;
      if (!this.#before(all[child]!, last)) break;
      all[at] = all[child]!;
      at = child;
    }
    all[at] = last;
    return first;
  }
}
