import type { AgentSession } from '../../../shared/agent-session.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Log } from '../../base/log.ts';
import {
  type AgentSessionRow,
  agentSessionFrom,
  type LiveLook,
  readAgentSessionRow,
} from '../agent-session-row.ts';
import {
  agentSessionBy,
  agentSessionsFrom,
  newestAgentSessions,
  newestOfAgent,
  openAgentSessions,
} from '../agent-session-rows.ts';
import { rightsOf } from '../session-rows.ts';

/** Sessions with agents as the record has them, with what only lives in memory. */
export class AgentLook {
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #log: Log;
  readonly #live: (id: string) => LiveLook | undefined;

  constructor(record: Pick<AuditRecord, 'rows'>, log: Log, live: (id: string) => LiveLook | undefined) {
    this.#record = record;
    this.#log = log;
    this.#live = live;
  }

  newest(most: number, agent: string | undefined): AgentSession[] {
    const rows =
      agent === undefined
        ? this.#record.rows(newestAgentSessions, most)
        : this.#record.rows(newestOfAgent, agent, most);
    return rows.flatMap(({ id }) => this.#understood(String(id)));
  }

  open(): AgentSession[] {
    return this.#record.rows(openAgentSessions).flatMap(({ id }) => this.#understood(String(id)));
  }

  /** Its whole id, from a beginning that only it has; null: there is none. */
  idOf(beginning: string): string | null {
    if (!/^[a-z0-9_]+$/.test(beginning)) return null;
    const found = this.#record
      .rows(agentSessionsFrom, beginning, `${beginning}~`)
      .map(({ id }) => String(id));
    const [first] = found;
    if (first === undefined) return null;
    if (found.length === 1 || first === beginning) return first;
    throw new Problem('conflict', `Several sessions begin with “${beginning}”.`, 'Give more of the id.');
  }

  named(beginning: string): AgentSession {
    return this.#whole(this.row(this.existing(beginning)));
  }

  /** The same without looking at any more of it than its id; what is at work is known by its whole id. */
  existing(beginning: string): Id<'session'> {
    const id = this.#live(beginning) ? beginning : this.idOf(beginning);
    if (id !== null) return id as Id<'session'>;
    throw new Problem(
      'not_found',
      `There is no session “${beginning}”.`,
      'List them with `holdfast sessions`.',
    );
  }

  row(id: string): AgentSessionRow {
    const [cells] = this.#record.rows(agentSessionBy, id);
    if (cells) return readAgentSessionRow(cells);
    throw new Problem('not_found', `There is no session with an agent “${id}”.`);
  }

  #whole(row: AgentSessionRow): AgentSession {
    const rights = this.#record.rows(rightsOf, row.id).map(({ capability }) => String(capability));
    return agentSessionFrom(row, rights, this.#live(row.id));
  }

  #understood(id: string): AgentSession[] {
    try {
      return [this.#whole(this.row(id))];
    } catch (failure) {
      this.#log.warn({ err: failure, session: id }, 'a session of another version is not understood');
      return [];
    }
  }
}
