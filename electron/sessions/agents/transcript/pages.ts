import type { z } from 'zod';
import type { TranscriptEntry } from '../../../../shared/agent-session.ts';
import type { CallPart, ContentPart } from '../../../../shared/conversation.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { Id } from '../../../../shared/ids.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { JournalEntry, Written } from '../../../agents/journal.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import type { Cell, DataOf } from '../../../audit/projection.ts';
import type { Tool } from '../../../tools/tool.ts';
import { callRow, callsOfAnswer, entriesBefore } from '../../agent-session-rows.ts';
import { entryOf } from '../journal/entries.ts';
import { entryKind, noteKinds } from '../journal/entry-kinds.ts';
import { eventAt, eventsOf, readBlobOf } from '../journal/record-journal.ts';
import { noteOf } from './notes.ts';
import { textOf, toolCard } from './tool-cards.ts';

export type TranscriptRecord = Pick<AuditRecord, 'rows' | 'query' | 'blob' | 'searchBlobs'>;
type AnswerEntry = Written<Extract<JournalEntry, { kind: 'answer' }>>;

const foundAtMost = 200;
const foundAtOnce = 50;
const notesAtMost = 500;
/** Whose blobs are what somebody said, did or was told. */
const saidKinds = ['message.received', 'model.called', 'tool.invoked', 'tool.finished'] as const;
/** What is written beside that in them. */
const unsaid = ['kind', 'role', 'call', 'seal', 'type', 'data', 'malformed'];
/** Events of a page are kept until its cards are made: most calls end within it. */
type Known = ReadonlyMap<number, RecordedEvent>;

/** What was said and done in a session, as people read it. A call has the number of the answer that it stands in. */
export class TranscriptPages {
  readonly #record: TranscriptRecord;
  readonly #session: Id<'session'>;
  readonly #tools: readonly Tool[];
  readonly #waits: (call: Id<'call'>) => Id<'approval'> | null;

  constructor(
    record: TranscriptRecord,
    session: Id<'session'>,
    tools: readonly Tool[],
    waits: (call: Id<'call'>) => Id<'approval'> | null,
  ) {
    this.#record = record;
    this.#session = session;
    this.#tools = tools;
    this.#waits = waits;
  }

  async before(before: number, most: number): Promise<{ entries: TranscriptEntry[]; before: number | null }> {
    const seqs = this.#record.rows(entriesBefore, this.#session, before, most).map(({ seq }) => Number(seq));
    const first = seqs.at(-1);
    if (first === undefined) return { entries: [], before: null };
    const wanted = new Set(seqs);
    const known = new Map<number, RecordedEvent>();
    for await (const event of eventsOf(this.#record, this.#session, first - 1, seqs[0] ?? first))
      known.set(event.seq, event);
    const entries: TranscriptEntry[] = [];
    for (const [seq, event] of known)
      if (wanted.has(seq)) entries.push(...(await this.#entriesOf(event, known)));
    return { entries, before: seqs.length === most ? first : null };
  }

  /** What events change in the transcript, in their order: their own entries, and the card of each of their calls once. */
  async changedBy(events: readonly RecordedEvent[]): Promise<TranscriptEntry[]> {
    const known = new Map(events.map((event) => [event.seq, event]));
    const last = new Map(events.map((event) => [callOf(event), event.seq]));
    const changed: TranscriptEntry[] = [];
    for (const event of events) {
      const call = callOf(event);
      const card = call !== null && last.get(call) === event.seq ? await this.#cardOf(call, known) : null;
      if (card) changed.push(card);
      if (entryKind(event) !== null) changed.push(...(await this.#entriesOf(event, known)));
    }
    return changed;
  }

  /** The card of a call as it is now. */
  async #cardOf(call: Id<'call'>, known: Known): Promise<TranscriptEntry | null> {
    const [row] = this.#record.rows(callRow, call, this.#session);
    const answered = Number(row?.['answered']);
    const event = row && (known.get(answered) ?? (await eventAt(this.#record, answered)));
    const answer = event && (await this.#entry(event));
    if (!event || answer?.kind !== 'answer') return null;
    return this.#card(event, answer, row, known);
  }

  async whole(call: Id<'call'>): Promise<{ input: z.core.util.JSONType; result: ContentPart[] | null }> {
    const [row] = this.#record.rows(callRow, call, this.#session);
    if (!row) throw new Problem('not_found', 'There is no such call in this session.');
    const [answer, invoked, finished] = await Promise.all(
      (['answered', 'invoked', 'finished'] as const).map((column) =>
        this.#entryAt(row[column] ?? null, new Map()),
      ),
    );
    const part = answer?.kind === 'answer' ? partOf(answer, call) : null;
    const given = (invoked?.kind === 'invoked' ? invoked.input : null) ?? part?.input ?? null;
    const input = given as z.core.util.JSONType;
    return {
      input,
      result: finished?.kind === 'finished' && finished.content ? [...finished.content] : null,
    };
  }

  /** Entries that hold this text, the newest first. */
  async find(text: string): Promise<{ seq: number; line: string }[]> {
    const wanted = text.toLocaleLowerCase('en');
    const found = new Map<string, { seq: number; line: string }>();
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null && found.size < foundAtMost;) {
      const asked: Parameters<TranscriptRecord['searchBlobs']>[0] = {
        session: this.#session,
        kinds: saidKinds,
        text,
        leave: unsaid,
        before,
        limit: foundAtOnce,
      };
      const { seqs, next } = await this.#record.searchBlobs(asked);
      for (const seq of seqs) {
        const event = await eventAt(this.#record, seq);
        const entries = event ? await this.#holding(event, wanted) : [];
        for (const entry of entries) keepFound(found, entry, wanted);
      }
      before = next;
    }
    for (const entry of await this.#notes()) keepFound(found, entry, wanted);
    return [...found.values()].toSorted((one, other) => other.seq - one.seq).slice(0, foundAtMost);
  }

  /** What an event is in the transcript; of an answer’s many calls only those that hold the text themselves. */
  async #holding(event: RecordedEvent, wanted: string): Promise<TranscriptEntry[]> {
    if (entryKind(event) !== 'answer') return this.changedBy([event]);
    return this.#answer(event, new Map(), ({ tool, input }) =>
      `${tool} ${JSON.stringify(input)}`
        .toLocaleLowerCase('en')
        .includes(JSON.stringify(wanted).slice(1, -1)),
    );
  }

  /** Lines of a session that are no text of anybody’s, the newest. */
  async #notes(): Promise<TranscriptEntry[]> {
    const filter = { session: this.#session, kinds: [...noteKinds] };
    const { events } = await this.#record.query({ filter, limit: notesAtMost });
    return events
      .filter((event) => entryKind(event) !== null)
      .map((event) => ({ kind: 'note', seq: event.seq, time: event.time, ...noteOf(event) }));
  }

  async #entriesOf(event: RecordedEvent, known: Known): Promise<TranscriptEntry[]> {
    const { seq, time } = event;
    const kind = entryKind(event);
    if (kind === 'person') {
      const entry = await this.#entry(event);
      if (entry?.kind !== 'message') return [];
      const gone: ContentPart[] = [{ kind: 'text', text: '(no longer on the record)' }];
      return [{ kind: 'person', seq, time, from: entry.from, parts: [...(entry.parts ?? gone)] }];
    }
    if (kind === 'answer') return this.#answer(event, known);
    return [{ kind: 'note', seq, time, ...noteOf(event) }];
  }

  async #answer(
    event: RecordedEvent,
    known: Known,
    isWanted: (part: CallPart) => boolean = () => true,
  ): Promise<TranscriptEntry[]> {
    const { seq, time } = event;
    const entry = await this.#entry(event);
    if (entry?.kind !== 'answer') return [];
    const { message, model, usage, cost, stop, milliseconds } = entry;
    const parts = message?.parts ?? [{ kind: 'text' as const, text: '(no longer on the record)' }];
    const said = (kind: 'text' | 'thinking') =>
      parts.flatMap((part) => (part.kind === kind ? [part.text] : [])).join('');
    const own = {
      kind: 'answer' as const,
      text: said('text'),
      thinking: said('thinking'),
      seconds: milliseconds / 1000,
    };
    const rows = new Map(
      this.#record.rows(callsOfAnswer, this.#session, seq).map((row) => [String(row['call']), row]),
    );
    const cards: TranscriptEntry[] = [];
    for (const part of parts) {
      const row = part.kind === 'call' && isWanted(part) ? rows.get(part.call) : undefined;
      if (row) cards.push(await this.#card(event, entry, row, known));
    }
    return [{ ...own, seq, time, model, usage, cost, stop }, ...cards];
  }

  async #card(
    { seq, time }: RecordedEvent,
    answer: AnswerEntry,
    row: Readonly<Record<string, Cell>>,
    known: Known,
  ): Promise<TranscriptEntry> {
    const call = String(row['call']) as Id<'call'>;
    const invoked = await this.#entryAt(row['invoked'] ?? null, known);
    const finished = await this.#entryAt(row['finished'] ?? null, known);
    const card = toolCard(
      call,
      {
        part: partOf(answer, call),
        invoked: invoked?.kind === 'invoked' ? invoked : null,
        finished: finished?.kind === 'finished' ? finished : null,
        doubted: row['doubted'] !== null,
        waiting: this.#waits(call),
      },
      this.#tools,
    );
    return { kind: 'call', seq, time, card };
  }

  async #entryAt(seq: Cell, known: Known): Promise<Written | null> {
    if (typeof seq !== 'number') return null;
    const event = known.get(seq) ?? (await eventAt(this.#record, seq));
    return event && this.#entry(event);
  }

  #entry(event: RecordedEvent): Promise<Written | null> {
    return entryOf(event, readBlobOf(this.#record));
  }
}

function partOf({ message }: AnswerEntry, call: Id<'call'>) {
  const part = message?.parts.find((one) => one.kind === 'call' && one.call === call);
  return part?.kind === 'call' ? part : null;
}

/** The call that an event changes the card of. */
function callOf(event: RecordedEvent): Id<'call'> | null {
  if (!/^(tool|approval)\./.test(event.kind)) return null;
  const { call } = event.data as Partial<DataOf<'tool.invoked'>>;
  return call ?? null;
}

/** An entry that holds the text, once: an answer and its calls have one number. */
function keepFound(
  found: Map<string, { seq: number; line: string }>,
  entry: TranscriptEntry,
  wanted: string,
): void {
  const line = linesOf(entry).find((each) => each.toLocaleLowerCase('en').includes(wanted));
  if (line === undefined) return;
  const key = entry.kind === 'call' ? entry.card.call : `${entry.seq}`;
  found.set(key, { seq: entry.seq, line: around(line, wanted) });
}

function linesOf(entry: TranscriptEntry): string[] {
  switch (entry.kind) {
    case 'person':
      return textOf(entry.parts).split('\n');
    case 'answer':
      return entry.text.split('\n');
    case 'call':
      return [`${entry.card.tool} ${entry.card.preview}`, ...(entry.card.result ?? '').split('\n')];
    case 'note':
      return [entry.text];
  }
}

function around(line: string, wanted: string): string {
  const at = line.toLocaleLowerCase('en').indexOf(wanted);
  const from = Math.max(0, at - 60);
  return line.slice(from, from + 200).toWellFormed();
}
