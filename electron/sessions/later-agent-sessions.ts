import { Problem } from '../../shared/problem.ts';
import { type Later, later } from '../base/later.ts';
import type { AgentSessions } from './agent-sessions.ts';

/** The sessions with agents of a house that opens them when somebody first asks, and closes what was opened. */
export class LaterAgentSessions {
  readonly open: Later<AgentSessions>;
  #opening: Promise<AgentSessions> | undefined;
  #closing = false;

  constructor(open: () => Promise<AgentSessions>) {
    this.open = later(async () => {
      if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and opens nothing new.');
      this.#opening = open();
      return this.#opening;
    });
  }

  /** Whether somebody has asked for them already. */
  get isOpen(): boolean {
    return this.#opening !== undefined;
  }

  async close(): Promise<void> {
    this.#closing = true;
    const sessions = await this.#opening?.catch(() => undefined);
    await sessions?.close();
  }
}
