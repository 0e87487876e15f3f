import type { SessionNews } from '../../../shared/agent-session.ts';
import type { Writing } from '../../agents/model-call.ts';

/** What a slow onlooker may be behind at most, before what is being written is skipped for it. */
const mostLetters = 1_000_000;

interface Onlooker {
  text: string;
  thinking: string;
  void: boolean;
  changed: boolean;
  wake: () => void;
}

export type Live = Extract<SessionNews, { kind: 'writing' | 'void' }> | { kind: 'changed' };

/** Tells onlookers what is being written, gathered while they were busy, and that something has changed. */
export class SessionNewsDesk implements Writing {
  readonly #onlookers = new Set<Onlooker>();
  readonly #changed: () => void;
  #text = '';
  #thinking = '';
  #waiting: string | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What a call of a model waits for, in words. */
  get waitingFor(): string | null {
    return this.#waiting;
  }

  piece(text: string, thinking: string): void {
    this.#waiting = null;
    this.#text += text;
    this.#thinking += thinking;
    for (const onlooker of this.#onlookers) {
      if (onlooker.text.length + onlooker.thinking.length < mostLetters) {
        onlooker.text += text;
        onlooker.thinking += thinking;
      }
      onlooker.wake();
    }
  }

  waiting(words: string | null): void {
    this.#waiting = words;
    this.#changed();
  }

  void(): void {
    this.#text = '';
    this.#thinking = '';
    this.#waiting = null;
    for (const onlooker of this.#onlookers) {
      onlooker.text = '';
      onlooker.thinking = '';
      onlooker.void = true;
      onlooker.wake();
    }
  }

  written(): void {
    this.void();
  }

  tellChanged(): void {
    for (const onlooker of this.#onlookers) {
      onlooker.changed = true;
      onlooker.wake();
    }
  }

  /** From what is being written now on, until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<Live, void> {
    const onlooker: Onlooker = {
      text: this.#text,
      thinking: this.#thinking,
      void: false,
      changed: true,
      wake: () => undefined,
    };
    this.#onlookers.add(onlooker);
    try {
      while (!signal.aborted) {
        if (onlooker.void) {
          onlooker.void = false;
          yield { kind: 'void' };
        } else if (onlooker.changed) {
          onlooker.changed = false;
          yield { kind: 'changed' };
        } else if (onlooker.text !== '' || onlooker.thinking !== '') {
          const { text, thinking } = onlooker;
          onlooker.text = '';
          onlooker.thinking = '';
          yield { kind: 'writing', text, thinking };
        } else await woken(onlooker, signal);
      }
    } finally {
      this.#onlookers.delete(onlooker);
    }
  }
}

function woken(onlooker: { wake: () => void }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      onlooker.wake = () => undefined;
      resolve();
    };
    onlooker.wake = done;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
