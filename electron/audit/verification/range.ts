import type { Header } from '../../../shared/events/event.ts';
import type { Connection } from '../../store/database.ts';
import { type Hash, leafHash, saltedHash } from '../tree/hashing.ts';
import { Frontier } from '../tree/tree.ts';
import { BlobCheck } from './blob-check.ts';
import { nameDifferences, readHeader } from './differences.ts';
import { markedKinds } from './marked-kinds.ts';
import { pageEvents, type RawEvent, rawEventsOf } from './raw-events.ts';
import { capitalised, type Suspect, Suspects, theEvents } from './suspect.ts';

/** Ranges begin at multiples of this, so that each is a part of the tree of its own. */
export const rangeEvents = 2 ** 13;

export interface RangeQuestion {
  /** A multiple of `rangeEvents`. */
  from: number;
  to: number;
  /** Sizes, beside those of the stored checkpoints, at which the tree is wanted. */
  sizes: readonly number[];
}

/** An event that verification itself has to understand. */
export interface Mark {
  seq: number;
  kind: string;
  data: string;
}

/** The tree of a range when its last event was number `size - 1`, as the roots of its complete subtrees. */
export interface PartialTree {
  size: number;
  roots: readonly Hash[];
  /** The signed note stored for this size. */
  note: string | null;
}

export interface Erased {
  seq: number;
  id: string;
  place?: number;
}

export interface RangeAnswer {
  from: number;
  to: number;
  roots: readonly Hash[];
  partial: PartialTree[];
  suspects: readonly Suspect[];
  marks: Mark[];
  /** Without a place, all that the event carried; with one, that blob alone. */
  erased: Erased[];
  pruned: number[];
  blobs: number;
}

/** Stands for the leaf of an event that is not there: the hash of nothing. */
const noLeaf: Hash = '0'.repeat(64);
const tileLevel = 8;
const tileEvents = 2 ** tileLevel;

/** Verifies the events [from, to) of the record against themselves, and gives the tree they make. */
export function verifyRange(database: Connection, question: RangeQuestion): RangeAnswer {
  return database.transaction(() => new RangeCheck(database, question).run())();
}

class RangeCheck {
  readonly #question: RangeQuestion;
  readonly #page: ReturnType<typeof rawEventsOf>;
  readonly #suspects = new Suspects();
  readonly #blobs: BlobCheck;
  readonly #tree = new Frontier();
  readonly #tiles: Map<number, Hash>;
  readonly #notes: Map<number, string>;
  readonly #wanted: number[];
  readonly #partial: PartialTree[] = [];
  readonly #marks: Mark[] = [];
  readonly #erased: Erased[] = [];
  #lastSkipped = -1;

  constructor(database: Connection, question: RangeQuestion) {
    const { from, to, sizes } = question;
    this.#question = question;
    this.#page = rawEventsOf(database);
    this.#blobs = new BlobCheck(database, this.#suspects);
    const tiles = database.prepare(
      'SELECT place, hash FROM subtrees WHERE level = ? AND place >= ? AND place < ?',
    );
    this.#tiles = new Map(
      tiles.raw(true).all(tileLevel, from / tileEvents, to / tileEvents) as [number, Hash][],
    );
    const notes = database.prepare('SELECT size, note FROM checkpoints WHERE size > ? AND size <= ?');
    this.#notes = new Map(notes.raw(true).all(from, to) as [number, string][]);
    const wanted = [...sizes, ...this.#notes.keys()].filter((size) => size > from && size <= to);
    this.#wanted = [...new Set(wanted)].toSorted((a, b) => b - a);
  }

  run(): RangeAnswer {
    const { from, to } = this.#question;
    for (let start = from; start < to; start += pageEvents)
      this.#checkPage(start, Math.min(start + pageEvents, to));
    return {
      from,
      to,
      roots: this.#tree.roots,
      partial: this.#partial,
      suspects: this.#suspects.all,
      marks: this.#marks,
      erased: this.#erased,
      pruned: this.#blobs.count.pruned,
      blobs: this.#blobs.count.whole,
    };
  }

  #checkPage(from: number, to: number): void {
    let rows: RawEvent[];
    let blobs: ReturnType<BlobCheck['rows']>;
    try {
      rows = this.#page(from, to);
      blobs = this.#blobs.rows(from, to);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#suspects.addRange(
        'unreadable',
        from,
        to - 1,
        `${capitalised(theEvents(from, to - 1))} cannot be read: ${reason}.`,
      );
      this.#skip(from, to);
      return;
    }
    let next = from;
    for (const row of rows) {
      if (row[0] > next) this.#missing(next, row[0]);
      const stored = blobs.get(row[0]);
      if (stored !== undefined || row[12] === null || !this.#fits(row)) this.#look(row, stored ?? []);
      if (markedKinds.includes(row[3]) && row[12] !== null)
        this.#marks.push({ seq: row[0], kind: row[3], data: row[12] });
      this.#add(row[0], leafHash(row[11]));
      blobs.delete(row[0]);
      next = row[0] + 1;
    }
    if (next < to) this.#missing(next, to);
    for (const seq of blobs.keys())
      this.#suspects.add('blob_changed', seq, `There is a blob of event ${seq}, but no such event.`);
  }

  /** The way of almost every row: the columns and the data, written as a header, are the stored header. */
  #fits(row: RawEvent): boolean {
    const [
      seq,
      id,
      time,
      kind,
      actorKind,
      actorId,
      agent,
      run,
      session,
      subtask,
      parent,
      header,
      data,
      salt,
    ] = row;
    if (typeof data !== 'string' || typeof salt !== 'string' || typeof time !== 'number') return false;
    let text = actorId === null ? '{"actor":{' : `{"actor":{"id":${quoted(actorId)},`;
    text += `"kind":${quoted(actorKind)}},"data":"${saltedHash(salt, data)}","id":${quoted(id)},"kind":${quoted(kind)}`;
    if (parent !== null) text += `,"parent":${quoted(parent)}`;
    if (agent !== null || run !== null || session !== null || subtask !== null) {
      let scope = '';
      if (agent !== null) scope = `,"agent":${quoted(agent)}`;
      if (run !== null) scope += `,"run":${quoted(run)}`;
      if (session !== null) scope += `,"session":${quoted(session)}`;
      if (subtask !== null) scope += `,"subtask":${quoted(subtask)}`;
      text += `,"scope":{${scope.slice(1)}}`;
    }
    return `${text},"seq":${seq},"time":"${isoTime(time)}"}` === header;
  }

  /** The precise way: for events with blobs, erased ones, and those that differ. */
  #look(row: RawEvent, blobRows: Parameters<BlobCheck['check']>[2]): void {
    const header = readHeader(row[11]);
    nameDifferences(row, header, this.#suspects);
    if (!header || header.seq !== row[0]) return;
    const erased = this.#lookAtData(row, header);
    this.#blobs.check(row[0], header.blobs ?? [], blobRows, erased);
    for (const { seq, place } of this.#blobs.count.erased.splice(0))
      this.#erased.push({ seq, id: row[1], place });
  }

  /** True where the data were erased. */
  #lookAtData(row: RawEvent, header: Header): boolean {
    const [seq, id, data, salt] = [row[0], row[1], row[12], row[13]];
    if (data === null && salt === null) {
      this.#erased.push({ seq, id });
      return true;
    }
    if (typeof data !== 'string' || typeof salt !== 'string') {
      this.#suspects.add('data_changed', seq, `Event ${seq}: its data are not complete any more.`);
    } else if (saltedHash(salt, data) !== header.data) {
      this.#suspects.add('data_changed', seq, `Event ${seq}: its data are not what its header says.`);
    }
    return false;
  }

  #missing(from: number, to: number): void {
    this.#suspects.addNeighbour({ what: 'event_missing', from, to: to - 1, message: '' });
    this.#skip(from, to);
  }

  #skip(from: number, to: number): void {
    this.#lastSkipped = to - 1;
    for (let seq = from; seq < to; seq++) this.#add(seq, noLeaf);
  }

  #add(seq: number, leaf: Hash): void {
    this.#tree.append(leaf, (leaves, place, root) => {
      if (leaves === tileEvents) this.#compareTile(this.#question.from / tileEvents + place, root);
    });
    while (this.#wanted.at(-1) === seq + 1) {
      this.#wanted.pop();
      this.#partial.push({
        size: seq + 1,
        roots: [...this.#tree.roots],
        note: this.#notes.get(seq + 1) ?? null,
      });
    }
  }

  #compareTile(place: number, root: Hash): void {
    const from = place * tileEvents;
    if (this.#tiles.get(place) === root || this.#lastSkipped >= from) return;
    const to = from + tileEvents - 1;
    this.#suspects.addRange(
      'tree_changed',
      from,
      to,
      `The stored tree does not fit the events ${from} to ${to}.`,
    );
  }
}

/** Most texts need no escape, and a test for that is faster than escaping. What is no text never fits. */
const unescaped = /^[ !#-[\]-~]*$/;
const quoted = (text: unknown) =>
  typeof text === 'string' && unescaped.test(text) ? `"${text}"` : JSON.stringify(text);

/** Times follow each other closely: the text up to the second is kept from one to the next. */
let keptSecond = Number.NaN;
let keptText = '';

function isoTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== keptSecond) {
    if (!(Math.abs(time) <= 8.64e15)) return '';
    keptText = new Date(second * 1000).toISOString().slice(0, -4);
    keptSecond = second;
  }
  return `${keptText}${String(time - second * 1000).padStart(3, '0')}Z`;
}
