import type { Viewed } from '../../../shared/contract/sessions.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Outcome } from '../../../shared/session.ts';
import type { TerminalSize } from '../../sandbox/sandbox.ts';
import type { Cursor, KeptOutput } from './kept-output.ts';

interface Viewer {
  readonly cursor: Cursor;
  readonly input: boolean;
}

export interface Viewable {
  readonly terminal: boolean;
  readonly why: string | null;
  readonly size: TerminalSize | null;
}

/** Who looks at one session. */
export class Viewers {
  readonly #output: KeptOutput;
  readonly #changed: () => void;
  readonly #viewers = new Map<string, Viewer>();
  #promised: Cursor | undefined;
  #last = 0;

  constructor(output: KeptOutput, changed: () => void) {
    this.#output = output;
    this.#changed = changed;
  }

  get count(): number {
    return this.#viewers.size;
  }

  /** Output waits for somebody who is to come and miss nothing; the returned function says that nobody will. */
  promise(): () => void {
    const cursor = this.#output.enter(true);
    this.#promised = cursor;
    return () => {
      if (this.#promised !== cursor) return;
      this.#promised = undefined;
      this.#output.leave(cursor);
    };
  }

  /** Everything from what is still kept to the end, or until the signal. */
  async *view(
    { input, every, ...viewable }: Viewable & { input: boolean; every: boolean },
    outcome: Promise<Outcome>,
    signal: AbortSignal,
  ): AsyncGenerator<Viewed, void> {
    const held = every && !viewable.terminal;
    const cursor = (held ? this.#promised : undefined) ?? this.#output.enter(every, held);
    if (cursor === this.#promised) this.#promised = undefined;
    const name = `viewer-${++this.#last}`;
    this.#viewers.set(name, { cursor, input });
    this.#changed();
    try {
      yield { kind: 'attached', viewer: name, input, ...viewable };
      for (;;) {
        if (signal.aborted) return;
        const told = this.#output.take(cursor);
        if (told === null) break;
        if (told === undefined) await this.#output.moved(signal);
        else yield told;
      }
      yield { kind: 'ended', outcome: await outcome };
    } finally {
      this.#viewers.delete(name);
      this.#output.leave(cursor);
      this.#changed();
    }
  }

  /** One that has gone is waited for no more, so that its last word comes too late and does no harm. */
  taken(name: string, bytes: number): number {
    const viewer = this.#viewers.get(name);
    return viewer ? this.#output.taken(viewer.cursor, bytes) : 0;
  }

  refuseWithoutInput(name: string): void {
    if (this.#named(name).input) return;
    throw new Problem('forbidden', 'This viewer only watches.', 'Attach again and ask for input.');
  }

  #named(name: string): Viewer {
    const viewer = this.#viewers.get(name);
    if (viewer) return viewer;
    throw new Problem('not_found', `No viewer “${name}” is attached.`, 'Attach first.');
  }
}
