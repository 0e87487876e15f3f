import type { ImageMaking } from '../../../shared/preset-image.ts';
import type { Told } from '../../sandbox/sandbox.ts';

type Work = (tell: Told, signal: AbortSignal) => Promise<ImageMaking>;

/**
 * What work says while it is done, and then what came of it. Only the newest words are kept for whoever is slow. Where
 * nobody listens any more, the work is given up, and over when this is.
 */
export async function* told(signal: AbortSignal, work: Work): AsyncGenerator<ImageMaking, void> {
  const left = new AbortController();
  const newest = new Newest();
  const working = work((words) => newest.say(words), AbortSignal.any([signal, left.signal])).finally(() =>
    newest.end(),
  );
  working.catch(() => undefined);
  try {
    for (let words = await newest.next(); words !== null; words = await newest.next()) {
      yield { state: 'working', words };
    }
    yield await working;
  } finally {
    left.abort();
    await working.catch(() => undefined);
  }
}

class Newest {
  #words: string | null = null;
  #isOver = false;
  #wake: () => void = () => undefined;

  say(words: string): void {
    this.#words = words;
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Null: nothing more is said. */
  async next(): Promise<string | null> {
    while (this.#words === null && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const words = this.#words;
    this.#words = null;
    return words;
  }
}
