import { Problem } from '../../../shared/problem.ts';
import type { Connection } from '../../store/database.ts';
import type { Run } from './proof-lines.ts';
import type { Withholding } from './withholding.ts';

interface EventLine {
  seq: number;
  kind: string;
  run: string | null;
  session: string | null;
  header: string;
  data: string | null;
  salt: string | null;
}

interface BlobLine {
  seq: number;
  place: number;
  kind: string;
  run: string | null;
  session: string | null;
  hash: string | null;
  salt: string | null;
  filed: string | null;
  here: 0 | 1;
}

const pageEvents = 512;

/** What became of the payloads of a bundle. */
export interface PayloadCount {
  present: number;
  withheld: number;
  erased: number;
  pruned: number;
}

const none = (): PayloadCount => ({ present: 0, withheld: 0, erased: 0, pruned: 0 });

/** The lines of a bundle's files, read from one snapshot as often as needed. */
export class BundleContents {
  readonly #database: Connection;
  readonly #run: Run;
  readonly #withholding: Withholding;

  constructor(database: Connection, run: Run, withholding: Withholding) {
    this.#database = database;
    this.#run = run;
    this.#withholding = withholding;
  }

  *headers(): Generator<string> {
    for (const { header } of this.#events()) yield header;
  }

  *data(count: PayloadCount = none()): Generator<string> {
    for (const event of this.#events()) {
      const { seq, data, salt } = event;
      const state =
        data === null || salt === null ? 'erased' : this.#withholding.data(event) ? 'withheld' : 'present';
      count[state]++;
      yield state === 'present' ? `${seq} ${salt} ${data}` : `${seq} ${state}`;
    }
  }

  *blobs(count: PayloadCount = none()): Generator<string> {
    for (const blob of this.#blobs()) {
      const state = this.#stateOf(blob);
      count[state]++;
      const { seq, place, salt, hash } = blob;
      if (state === 'present') yield `${seq} ${place} ${salt} ${hash}`;
      else yield state === 'pruned' ? `${seq} ${place} ${salt} pruned` : `${seq} ${place} ${state}`;
    }
  }

  /** The names of the files under `blobs/`, each once. */
  files(): Set<string> {
    const files = new Set<string>();
    for (const blob of this.#blobs()) {
      if (this.#stateOf(blob) === 'present' && blob.hash !== null) files.add(blob.hash);
    }
    return files;
  }

  file(hash: string): Buffer {
    return this.#database.prepare('SELECT content FROM blobs WHERE hash = ?').pluck().get(hash) as Buffer;
  }

  #stateOf(blob: BlobLine): keyof PayloadCount {
    const { seq, place, hash, salt, filed, here } = blob;
    if (hash === null || salt === null) return 'erased';
    if (this.#withholding.blob(blob, place)) return 'withheld';
    if (filed === null) {
      throw new Problem('record_damaged', `A blob of event ${seq} is missing.`, 'Verify the record.');
    }
    return here ? 'present' : 'pruned';
  }

  #events(): Generator<EventLine> {
    return this.#pages(
      'SELECT seq, kind, run, session, header, data, salt FROM events WHERE seq >= ? AND seq < ? ORDER BY seq',
    );
  }

  #blobs(): Generator<BlobLine> {
    return this.#pages(
      `SELECT x.seq, x.place, e.kind, e.run, e.session, x.hash, x.salt, b.hash AS filed, b.content IS NOT NULL AS here
       FROM event_blobs x JOIN events e ON e.seq = x.seq LEFT JOIN blobs b ON b.hash = x.hash
       WHERE x.seq >= ? AND x.seq < ? ORDER BY x.seq, x.place`,
    );
  }

  *#pages<Row>(sql: string): Generator<Row> {
    const page = this.#database.prepare(sql);
    const end = this.#run.to + 1;
    for (let from = this.#run.from; from < end; from += pageEvents) {
      yield* page.all(from, Math.min(from + pageEvents, end)) as Row[];
    }
  }
}
