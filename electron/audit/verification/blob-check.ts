import type { BlobStamp } from '../../../shared/events/event.ts';
import type { Connection } from '../../store/database.ts';
import { saltedHash, sha256 } from '../tree/hashing.ts';
import type { Suspects } from './suspect.ts';

interface BlobRow {
  seq: number;
  place: number;
  hash: string | null;
  salt: string | null;
  filed: string | null;
  size: number | null;
  here: 0 | 1 | null;
}

const rows = `
  SELECT e.seq, e.place, e.hash, e.salt, b.hash AS filed, b.size, b.content IS NOT NULL AS here
  FROM event_blobs e LEFT JOIN blobs b ON b.hash = e.hash
  WHERE e.seq >= ? AND e.seq < ? ORDER BY e.seq, e.place`;

/** What was found of the blobs of a range. */
export interface BlobCount {
  whole: number;
  /** Events that carry a blob whose content is gone. */
  pruned: number[];
  /** Blobs that were erased from events whose data are here. */
  erased: { seq: number; place: number }[];
}

/** Compares the blobs of events with what the headers say of them. */
export class BlobCheck {
  readonly #rows;
  readonly #content;
  readonly #suspects: Suspects;
  readonly count: BlobCount = { whole: 0, pruned: [], erased: [] };

  constructor(database: Connection, suspects: Suspects) {
    this.#rows = database.prepare(rows);
    this.#content = database.prepare('SELECT content FROM blobs WHERE hash = ?').pluck();
    this.#suspects = suspects;
  }

  /** The blob rows of some events, by sequence number. */
  rows(from: number, to: number): Map<number, BlobRow[]> {
    const found = new Map<number, BlobRow[]>();
    for (const row of this.#rows.all(from, to) as BlobRow[]) {
      const list = found.get(row.seq);
      if (list) list.push(row);
      else found.set(row.seq, [row]);
    }
    return found;
  }

  /** `erased`: the event's data are gone, so its blobs must be gone with them. */
  check(seq: number, stamps: readonly BlobStamp[], blobRows: readonly BlobRow[], erased: boolean): void {
    for (const row of blobRows) {
      // A place that is no number could still name something that every list has.
      if (typeof row.place !== 'number' || !stamps[row.place]) {
        this.#suspects.add(
          'blob_changed',
          seq,
          `Event ${seq} has a blob ${row.place} that its header does not know.`,
        );
      }
    }
    for (const [place, stamp] of stamps.entries()) {
      const row = blobRows.find((candidate) => candidate.place === place);
      const name = `Event ${seq}: its blob “${stamp.name}”`;
      if (row && row.hash === null && row.salt === null) {
        if (!erased) this.count.erased.push({ seq, place });
        continue;
      }
      if (erased) this.#suspects.add('blob_changed', seq, `${name} was not erased together with its data.`);
      else if (!row || row.filed === null || row.salt === null)
        this.#suspects.add('blob_missing', seq, `${name} is missing.`);
      else if (row.size !== stamp.size)
        this.#suspects.add('blob_changed', seq, `${name} has another size than its header says.`);
      else if (!row.here) this.count.pruned.push(seq);
      else if (this.#fits(row.filed, row.salt, stamp)) this.count.whole++;
      else this.#suspects.add('blob_changed', seq, `${name} is not what its header says.`);
    }
  }

  #fits(filed: string, salt: string, stamp: BlobStamp): boolean {
    const content = this.#content.get(filed);
    return (
      content instanceof Uint8Array &&
      content.byteLength === stamp.size &&
      saltedHash(salt, content) === stamp.hash &&
      sha256(content) === filed
    );
  }
}
