import type { Id } from '../../shared/ids.ts';
import type { LiveToken } from './live-token.ts';

/** The tokens in memory, by what they are looked for. */
export class TokenShelf {
  readonly #byHandle = new Map<string, LiveToken>();
  readonly #byId = new Map<Id<'capability'>, LiveToken>();
  readonly #byAgent = new Map<string, Set<LiveToken>>();

  add(token: LiveToken): void {
    if (this.#byHandle.has(token.handle)) throw new Error('two tokens were given the same handle');
    this.#byHandle.set(token.handle, token);
    this.#byId.set(token.token, token);
    const held = this.#byAgent.get(token.agent) ?? new Set();
    this.#byAgent.set(token.agent, held.add(token));
  }

  remove(token: LiveToken): void {
    this.#byHandle.delete(token.handle);
    this.#byId.delete(token.token);
    token.parent?.children.delete(token);
    const held = this.#byAgent.get(token.agent);
    held?.delete(token);
    if (held?.size === 0) this.#byAgent.delete(token.agent);
  }

  of(handle: string): LiveToken | undefined {
    return this.#byHandle.get(handle);
  }

  named(id: Id<'capability'>): LiveToken | undefined {
    return this.#byId.get(id);
  }

  heldBy(agent: string): LiveToken[] {
    return [...(this.#byAgent.get(agent) ?? [])];
  }
}
