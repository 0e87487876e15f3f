import type { SessionNews } from '../../../shared/agent-session.ts';
import type { Writing } from '../../agents/model-call.ts';
import type { Clock } from '../../base/clock.ts';
import { CleanWriting } from './clean-writing.ts';

/** How often an onlooker is told at most that something has changed: each time it looks at all of it. */
const restMilliseconds = 20;

/** What a slow onlooker may be behind at most, before what is being written is skipped for it. */
const mostLetters = 1_000_000;

interface Onlooker {
  text: string;
  thinking: string;
  void: boolean;
  changed: boolean;
  /** Set while it rests since it was told. */
  forgetRest: (() => void) | null;
  wake: () => void;
}

export type Live = Extract<SessionNews, { kind: 'writing' | 'void' }> | { kind: 'changed' };

/** Tells onlookers what is being written, gathered while they were busy, and that something has changed. */
export class SessionNewsDesk implements Writing {
  readonly #onlookers = new Set<Onlooker>();
  readonly #changed: () => void;
  readonly #clock: Clock;
  #text = '';
  #thinking = '';
  #waiting: string | null = null;
  readonly #secrets: () => readonly string[];
  #clean: { text: CleanWriting; thinking: CleanWriting } | null = null;

  constructor(clock: Clock, changed: () => void, secrets: () => readonly string[]) {
    this.#clock = clock;
    this.#changed = changed;
    this.#secrets = secrets;
  }

  /** What a call of a model waits for, in words. */
  get waitingFor(): string | null {
    return this.#waiting;
  }

  /** What is written is shown as the record will have it: without secrets. */
  piece(written: string, thought: string): void {
    this.#waiting = null;
    this.#clean ??= this.#cleaning();
    const text = this.#clean.text.pass(written);
    const thinking = this.#clean.thinking.pass(thought);
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
    this.#clean = null;
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
      forgetRest: null,
      wake: () => undefined,
    };
    this.#onlookers.add(onlooker);
    try {
      while (!signal.aborted) {
        if (onlooker.void) {
          onlooker.void = false;
          yield { kind: 'void' };
        } else if (onlooker.text !== '' || onlooker.thinking !== '') {
          const { text, thinking } = onlooker;
          onlooker.text = '';
          onlooker.thinking = '';
          yield { kind: 'writing', text, thinking };
        } else if (onlooker.changed && onlooker.forgetRest === null) {
          onlooker.changed = false;
          this.#rest(onlooker);
          yield { kind: 'changed' };
        } else await woken(onlooker, signal);
      }
    } finally {
      onlooker.forgetRest?.();
      this.#onlookers.delete(onlooker);
    }
  }

  #cleaning() {
    const secrets = this.#secrets();
    return { text: new CleanWriting(secrets), thinking: new CleanWriting(secrets) };
  }

  #rest(onlooker: Onlooker): void {
    onlooker.forgetRest = this.#clock.after(restMilliseconds, () => {
      onlooker.forgetRest = null;
      onlooker.wake();
    });
  }
}

function woken(onlooker: Onlooker, signal: AbortSignal): Promise<void> {
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
