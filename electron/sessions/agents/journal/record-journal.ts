import type { Actor, RecordedEvent } from '../../../../shared/events/event.ts';
import type { Journal, JournalEntry, Written } from '../../../agents/journal.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import { lastSummary, openTurn, waitingMessages } from '../../agent-session-rows.ts';
import { draftOf, type Whose } from './drafts.ts';
import { entryOf, journalKinds } from './entries.ts';

export type JournalRecord = Pick<AuditRecord, 'appendAll' | 'query' | 'blob' | 'rows'>;

const eventsAtOnce = 500;
const kinds: ReadonlySet<string> = new Set(journalKinds);

/** The journal of one session: the record itself. */
export class RecordJournal implements Journal {
  readonly #record: JournalRecord;
  readonly #whose: Whose;

  constructor(record: JournalRecord, whose: Whose) {
    this.#record = record;
    this.#whose = whose;
  }

  write(entries: readonly JournalEntry[]): Promise<readonly Written[]> {
    return this.writeAs(entries, null);
  }

  /** What somebody else than the agent did. */
  async writeAs(entries: readonly JournalEntry[], by: Actor | null): Promise<readonly Written[]> {
    const events = await this.#record.appendAll(entries.map((entry) => draftOf(entry, this.#whose, by)));
    return events.map((event, i) => ({ ...entries[i]!, seq: event.seq, time: new Date(event.time) }));
  }

  /**
   * What the conversation is rebuilt from, oldest first. What a summary stands for is not read, but for the turn that
   * is under way, whose limits count on, and for messages that were taken up later or wait still. `sandboxed`:
   * a sandbox stood since, and went with its life.
   */
  async read(): Promise<{ entries: Written[]; sandboxed: boolean }> {
    const { session } = this.#whose;
    const summarySeq = this.#number(lastSummary, 'seq');
    const summary = summarySeq === null ? null : await this.#entryAt(summarySeq);
    const unsaid = summary?.kind === 'summarized' ? summary.range[1] + 1 : 0;
    const from = Math.min(unsaid, this.#number(openTurn, 'turn') ?? Infinity);
    const entries: Written[] = [];
    let sandboxed = false;
    const earlier = new Set(this.#record.rows(waitingMessages, session).map(({ seq }) => Number(seq)));
    for await (const event of eventsOf(this.#record, session, from - 1, Infinity)) {
      if (event.kind === 'session.started') sandboxed = true;
      if (event.kind === 'session.resumed' || event.kind === 'sandbox.ended') sandboxed = false;
      if (!kinds.has(event.kind)) continue;
      const entry = await entryOf(event, readBlobOf(this.#record));
      if (entry) entries.push(entry);
      if (entry?.kind === 'turn_started') for (const seq of entry.taken) earlier.add(seq);
    }
    const before: Written[] = [];
    for (const seq of [...earlier].filter((each) => each < from).toSorted((a, b) => a - b)) {
      const entry = await this.#entryAt(seq);
      if (entry) before.push(entry);
    }
    return { entries: [...before, ...entries], sandboxed };
  }

  #number(sql: string, column: string): number | null {
    const value = this.#record.rows(sql, this.#whose.session)[0]?.[column];
    return typeof value === 'number' ? value : null;
  }

  async #entryAt(seq: number): Promise<Written | null> {
    const event = await eventAt(this.#record, seq);
    return event && entryOf(event, readBlobOf(this.#record));
  }
}

/** The events of a session after one number and up to another, in order. */
export async function* eventsOf(
  record: Pick<AuditRecord, 'query'>,
  session: string,
  after: number,
  last: number,
): AsyncGenerator<RecordedEvent, void> {
  for (let next = after; next < last;) {
    const { events } = await record.query({
      filter: { session },
      after: next,
      limit: eventsAtOnce,
    });
    for (const event of events) {
      if (event.seq > last) return;
      yield event;
    }
    if (events.length < eventsAtOnce) return;
    next = events.at(-1)?.seq ?? last;
  }
}

export async function eventAt(
  record: Pick<AuditRecord, 'query'>,
  seq: number,
): Promise<RecordedEvent | null> {
  const { events } = await record.query({ filter: {}, after: seq - 1, limit: 1 });
  const [event] = events;
  return event?.seq === seq ? event : null;
}

/** Reads a blob whole; null where it was erased or pruned. */
export function readBlobOf(record: Pick<AuditRecord, 'blob'>) {
  return async (event: RecordedEvent, name: string): Promise<string | null> => {
    const stamp = event.blobs.find((blob) => blob.name === name);
    if (stamp?.state !== 'present') return null;
    const pieces: Uint8Array[] = [];
    try {
      for (let offset: number | null = 0; offset !== null;) {
        const piece = await record.blob(event.seq, stamp.index, offset);
        pieces.push(piece.content);
        offset = piece.next;
      }
    } catch {
      // It was pruned since it was looked for.
      return null;
    }
    return Buffer.concat(pieces).toString('utf8');
  };
}
