/** What Electron hands to listeners that may refuse what is about to happen. */
export interface Happening {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function happening<More extends object>(more: More): Happening & More {
  let prevented = false;
  return {
    ...more,
    get defaultPrevented() {
      return prevented;
    },
    preventDefault: () => (prevented = true),
  };
}

type Listener = (...given: never[]) => unknown;

/** Listeners by the name of what happens. */
export class Emitter {
  readonly #listeners = new Map<string, Listener[]>();

  on(name: string, listener: Listener): this {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return this;
  }

  once(name: string, listener: Listener): this {
    const once: Listener = (...given) => {
      this.off(name, once);
      return listener(...given);
    };
    return this.on(name, once);
  }

  off(name: string, listener: Listener): this {
    this.#listeners.set(
      name,
      (this.#listeners.get(name) ?? []).filter((one) => one !== listener),
    );
    return this;
  }

  /** How many listen. */
  listening(name: string): number {
    return this.#listeners.get(name)?.length ?? 0;
  }

  emit(name: string, ...given: unknown[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...(given as never[]));
  }

  /** Tells listeners of something they may refuse, and answers whether one did. */
  refused(name: string, more: object = {}, ...given: unknown[]): boolean {
    const event = happening(more);
    this.emit(name, event, ...given);
    return event.defaultPrevented;
  }
}
