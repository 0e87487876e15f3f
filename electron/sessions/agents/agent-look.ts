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

/** Rows that were read are kept for so many sessions, until something is written of them. */
const mostKept = 500;

interface Known {
  readonly row: AgentSessionRow;
  readonly rights: readonly string[];
}

/** Sessions with agents as the record has them, with what only lives in memory. */
export class AgentLook {
  readonly #known = new Map<string, Known>();
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #log: Log;
  readonly #live: (id: string) => LiveLook | undefined;

  constructor(record: Pick<AuditRecord, 'rows'>, log: Log, live: (id: string) => LiveLook | undefined) {
    this.#record = record;
    this.#log = log;
    this.#live = live;
  }

  /** Something was written of it. */
  forget(id: string): void {
    this.#known.delete(id);
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
    return this.#whole(this.existing(beginning));
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
    return this.#read(id).row;
  }

  #read(id: string): Known {
    const known = this.#known.get(id);
    if (known) return known;
    const [cells] = this.#record.rows(agentSessionBy, id);
    if (!cells) throw new Problem('not_found', `There is no session with an agent “${id}”.`);
    const rights = this.#record.rows(rightsOf, id).map(({ capability }) => String(capability));
    const read = { row: readAgentSessionRow(cells), rights };
    const [oldest] = this.#known.keys();
    if (this.#known.size >= mostKept && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(id, read);
    return read;
  }

  #whole(id: string): AgentSession {
    const { row, rights } = this.#read(id);
    return agentSessionFrom(row, rights, this.#live(id));
  }

  #understood(id: string): AgentSession[] {
    try {
      return [this.#whole(id)];
    } catch (failure) {
      this.#log.warn({ err: failure, session: id }, 'a session of another version is not understood');
      return [];
    }
  }
}
