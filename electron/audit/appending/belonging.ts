import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Scope } from '../../../shared/events/event.ts';

type Part = Pick<Scope, 'run' | 'subtask'>;

/** The first event of a session says what it belongs to. */
export const firstScope = 'SELECT run, subtask FROM events WHERE session = ? ORDER BY seq LIMIT 1';

const mostKnown = 5000;

/** What a session is a part of: whatever is written of it, by whichever room, is told with that. */
export class Belonging {
  readonly #known = new Map<string, Part | null>();
  readonly #look: (session: string) => Part | null;

  constructor(look: (session: string) => Part | null) {
    this.#look = look;
  }

  scoped(draft: Draft): Draft {
    const { scope } = draft;
    if (scope?.session === undefined) return draft;
    const { run, subtask } = scope;
    if (run !== undefined) {
      this.#keep(scope.session, { run, ...(subtask && { subtask }) });
      return draft;
    }
    const part = this.#of(scope.session);
    return part ? { ...draft, scope: { ...scope, ...part } } : draft;
  }

  #of(session: string): Part | null {
    const known = this.#known.get(session);
    if (known !== undefined) return known;
    const found = this.#look(session);
    this.#keep(session, found);
    return found;
  }

  #keep(session: string, part: Part | null): void {
    this.#known.set(session, part);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
  }
}
