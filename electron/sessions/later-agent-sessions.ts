import { Problem } from '../../shared/problem.ts';
import type { AgentSession } from '../../shared/agent-session.ts';
import type { AuditRecord } from '../audit/record.ts';
import { type Later, later } from '../base/later.ts';
import { onceOpen } from '../base/once-open.ts';
import type { AgentSessions } from './agent-sessions.ts';
import { newestAgentSessions, openAgentSessions } from './agent-session-rows.ts';

/** The sessions with agents of a house that opens them when somebody first asks, and closes what was opened. */
export class LaterAgentSessions {
  readonly open: Later<AgentSessions>;
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #opened = Promise.withResolvers<void>();
  #opening: Promise<AgentSessions> | undefined;
  #closing = false;

  constructor(record: Pick<AuditRecord, 'rows'>, open: () => Promise<AgentSessions>) {
    this.#record = record;
    this.open = later(async () => {
      if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and opens nothing new.');
      this.#opening = open();
      const sessions = await this.#opening;
      this.#opened.resolve();
      return sessions;
    });
  }

  /** Each that is open, or whose changes wait, and each again when it changes. Where there is none nothing is built. */
  async *watch(signal: AbortSignal): AsyncGenerator<AgentSession, void> {
    if (this.#opening === undefined && this.#record.rows(openAgentSessions).length === 0) {
      await onceOpen(this.#opened.promise, signal);
      if (signal.aborted) return;
    }
    yield* (await this.open()).watch(signal);
  }

  async list(wanted: Parameters<AgentSessions['list']>[0]): Promise<AgentSession[]> {
    if (this.#opening === undefined && this.#record.rows(newestAgentSessions, 1).length === 0) return [];
    return (await this.open()).list(wanted);
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
