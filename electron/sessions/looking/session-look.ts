import { Problem } from '../../../shared/problem.ts';
import type { Session } from '../../../shared/session.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Cell } from '../../audit/projection.ts';
import type { Log } from '../../base/log.ts';
import { readSessionRow } from '../session-row.ts';
import { workOf } from '../work-rows.ts';
import { newestSessions, openSessions, rightsOf, sessionsFrom } from '../session-rows.ts';

/** What the living sessions know better than the record: whether one stops, who looks at it, and what it waits for. */
export type LiveFacts = (
  session: string,
) => { stopping: boolean; viewers: number; progress: string | null } | undefined;

/** Sessions as the record has them, together with what only lives in memory. */
export class SessionLook {
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #log: Log;
  readonly #live: LiveFacts;

  constructor(record: Pick<AuditRecord, 'rows'>, log: Log, live: LiveFacts) {
    this.#record = record;
    this.#log = log;
    this.#live = live;
  }

  newest(most: number): Session[] {
    return this.#read(this.#record.rows(newestSessions, most));
  }

  /** Those that run, and those whose changes wait. */
  open(): Session[] {
    return this.#read(this.#record.rows(openSessions));
  }

  knows(beginning: string): boolean {
    return (
      /^[a-z0-9_]+$/.test(beginning) && this.#record.rows(sessionsFrom, beginning, `${beginning}~`).length > 0
    );
  }

  /** Whether its end is on the record, or nothing at all. */
  isOver(session: string): boolean {
    return !this.#record.rows(openSessions).some(({ id }) => id === session);
  }

  /** By id or a unique beginning of it. */
  named(beginning: string): Session {
    const found = /^[a-z0-9_]+$/.test(beginning)
      ? this.#read(this.#record.rows(sessionsFrom, beginning, `${beginning}~`))
      : [];
    const [session] = found;
    if (session && (found.length === 1 || session.id === beginning)) return session;
    throw session
      ? new Problem('conflict', `Several sessions begin with “${beginning}”.`, 'Give more of the id.')
      : new Problem(
          'not_found',
          `There is no session “${beginning}”.`,
          'List them with `holdfast sessions`.',
        );
  }

  #read(rows: readonly Record<string, Cell>[]): Session[] {
    return rows.flatMap((cells) => {
      try {
        const rights = this.#record
          .rows(rightsOf, cells['id'] ?? '')
          .map(({ capability }) => String(capability));
        const work = (session: string) => this.#record.rows(workOf, session)[0];
        return [this.#withLife(readSessionRow(cells, rights, work))];
      } catch (failure) {
        this.#log.warn(
          { err: failure, session: cells['id'] },
          'a session of another version is not understood',
        );
        return [];
      }
    });
  }

  #withLife(session: Session): Session {
    const live = this.#live(session.id);
    if (!live) return session;
    const stopping = live.stopping && session.outcome === null;
    const progress = session.state === 'preparing' ? live.progress : null;
    return { ...session, viewers: live.viewers, progress, state: stopping ? 'stopping' : session.state };
  }
}
