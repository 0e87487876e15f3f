import type { Header, RecordedEvent } from '../../shared/events/event.ts';
import type { Checkpoint } from '../../shared/contract/record.ts';
import { Problem } from '../../shared/problem.ts';
import { type Connection, openForWriting } from '../store/database.ts';
import { migrate } from '../store/migrations.ts';
import { refuseForeignSchema } from '../store/schema.ts';
import { restoredMark } from './restoring/restored-mark.ts';
import { headerText } from './tree/canonical.ts';
import { eventsPerCheckpoint, lastCheckpoint } from './checkpoints/checkpoint-rows.ts';
import { DerivedRows } from './appending/derived-rows.ts';
import { WordIndex } from './appending/word-index.ts';
import { eraseFrom } from './appending/erasing.ts';
import { leafHash, saltedHash, sha256, toBase64 } from './tree/hashing.ts';
import {
  readCheckpoint,
  signCheckpoint,
  type SignerKey,
  signerKeyFromPem,
  withSignaturesOf,
} from './tree/note.ts';
import type { Prepared } from './appending/prepare.ts';
import type { Projection } from './projection.ts';
import { frontierAt, storedLevels, subtreesOf } from './tree/subtrees.ts';
import { Frontier } from './tree/tree.ts';
import type { Appended, Effect, Prunable, WriterOpened, Written } from './writing.ts';

const storedSizes = new Map<number, number>(storedLevels.map((level) => [2 ** level, level]));

/** What is written in one transaction or not at all. */
interface Batch {
  readonly events: readonly Prepared[];
  readonly effect: Effect;
}

/** The one writer of the record. It lives in a thread of its own, so that no flush ever stops the main one. */
export class Writer {
  readonly #database: Connection;
  readonly #projections: readonly Projection[];
  readonly #rows: DerivedRows;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #words: WordIndex;
  readonly #putAll: (batch: Batch, tree: Frontier, keys: readonly SignerKey[]) => Appended;
  #tree = new Frontier();
  #log = '';
  #keys: SignerKey[] = [];
  #signedSize = 0;

  constructor(path: string, projections: readonly Projection[]) {
    this.#database = openForWriting(path);
    this.#projections = projections;
    try {
      migrate(this.#database);
      refuseForeignSchema(this.#database);
      this.#rows = new DerivedRows(this.#database, projections);
      this.#rows.createTables();
      this.#statements = prepareStatements(this.#database);
      this.#words = new WordIndex(this.#database);
      const put = this.#database.transaction((batch: Batch, tree: Frontier, keys: readonly SignerKey[]) =>
        this.#put(batch, tree, keys),
      );
      this.#putAll = (...batch) => put.immediate(...batch);
    } catch (thrown) {
      this.#database.close();
      throw thrown;
    }
  }

  open(newLog: string): WriterOpened {
    this.#database.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('log', ?)").run(newLog);
    this.#log = this.#database.prepare("SELECT value FROM meta WHERE key = 'log'").pluck().get() as string;
    const size = this.#database
      .prepare('SELECT coalesce(max(seq) + 1, 0) FROM events')
      .pluck()
      .get() as number;
    this.#tree = frontierAt(size, subtreesOf(this.#database));
    this.#words.begin(size);
    const checkpoint = lastCheckpoint(this.#database);
    this.#signedSize = checkpoint?.size ?? 0;
    const lastKind = this.#database
      .prepare('SELECT kind FROM events ORDER BY seq DESC LIMIT 1')
      .pluck()
      .get();
    const restored = restoredMark.read(this.#database);
    return { log: this.#log, size, checkpoint, lastKind: (lastKind as string | undefined) ?? null, restored };
  }

  keys(pems: readonly string[]): void {
    this.#keys = this.#signers(pems);
  }

  append(events: readonly Prepared[], effect: Effect = {}): Appended {
    // An erased event's words must be found to be erased; and words may not gather without end.
    if (effect.erase !== undefined || this.#words.isFull) this.#words.write();
    const tree = this.#tree.copy();
    const keys = effect.keys ? this.#signers(effect.keys) : this.#keys;
    const result = this.#putAll({ events, effect }, tree, keys);
    this.#tree = tree;
    this.#keys = keys;
    this.#signedSize = result.checkpoint?.size ?? this.#signedSize;
    this.#words.add(events.map(({ kind, words }, i) => ({ seq: result.written[i]!.seq, kind, words })));
    return result;
  }

  /** From here on every event is found by its words; answers with how many there are. */
  index(): number {
    this.#words.write();
    return this.#tree.size;
  }

  /** How many events are found by their words without anything being written. */
  indexed(): number {
    return this.#words.lacks ? this.#words.reaches() : this.#tree.size;
  }

  /** Gives the word index what it lacks where the last life ended too soon. */
  async catchUp(): Promise<void> {
    if (!this.#words.lacks) return;
    const { indexFrom } = await import('./rebuilding/rebuild.ts');
    // Who asks twice meanwhile has it done once.
    if (this.#words.lacks) this.#words.makeUp(indexFrom);
  }

  checkpoint(): Checkpoint {
    const checkpoint = this.#database.transaction(() => this.#sign(this.#tree, this.#keys)).immediate();
    this.#signedSize = checkpoint.size;
    return checkpoint;
  }

  /** Gives back what SQLite keeps of pages for the next write. */
  rest(): void {
    this.#database.pragma('shrink_memory');
  }

  /** Empties SQLite's write-ahead log of what was erased; false while somebody still reads from before. */
  forget(): boolean {
    this.#database.pragma('busy_timeout = 0');
    try {
      const [result] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
      return result.busy === 0;
    } finally {
      this.#database.pragma('busy_timeout = 5000');
    }
  }

  /** Whether a checkpoint states the root that this log had at that size. Its signature is verification's to check. */
  fits(note: string): boolean {
    const kept = readCheckpoint(note);
    if (!kept || kept.origin !== this.#log || kept.size > this.#tree.size) return false;
    return frontierAt(kept.size, subtreesOf(this.#database)).root() === kept.root;
  }

  prunable(before: number | null, maxBytes: number | null): Prunable {
    const oldestFirst = this.#database.prepare(
      'SELECT hash, size, used FROM blobs WHERE content IS NOT NULL ORDER BY used, hash',
    );
    let kept = this.#database
      .prepare('SELECT coalesce(sum(size), 0) FROM blobs WHERE content IS NOT NULL')
      .pluck()
      .get() as number;
    const needed = this.#needed();
    const blobs: Prunable['blobs'][number][] = [];
    const left = { count: 0, bytes: 0 };
    let bytes = 0;
    for (const blob of oldestFirst.iterate() as Iterable<{ hash: string; size: number; used: number }>) {
      const old = before !== null && blob.used < before;
      if (!old && (maxBytes === null || kept <= maxBytes)) break;
      if (needed.has(blob.hash)) {
        left.count++;
        left.bytes += blob.size;
        continue;
      }
      blobs.push({ hash: blob.hash, used: blob.used });
      bytes += blob.size;
      kept -= blob.size;
    }
    return { blobs, bytes, left };
  }

  /** Blobs without which something that is under way could not go on. */
  #needed(): ReadonlySet<string> {
    const hashes = (column: string, needing: readonly string[]) =>
      needing.length === 0
        ? []
        : (this.#database
            .prepare(
              `SELECT b.hash FROM events e JOIN event_blobs b ON b.seq = e.seq
               WHERE e.${column} IN (${needing.join(' UNION ')}) AND b.hash IS NOT NULL`,
            )
            .pluck()
            .all() as string[]);
    return new Set([
      ...hashes(
        'session',
        this.#projections.flatMap((projection) => projection.needing ?? []),
      ),
      ...hashes(
        'run',
        this.#projections.flatMap((projection) => projection.needingRuns ?? []),
      ),
    ]);
  }

  /** Mends derived tables that differ from what the log says. It alone needs the catalogue here. */
  async rebuild(tables: readonly string[]): Promise<void> {
    this.#words.write();
    const { rebuildTables } = await import('./rebuilding/rebuild.ts');
    rebuildTables(this.#database, this.#projections, tables);
  }

  close(): void {
    try {
      this.#words.write();
    } finally {
      this.#database.close();
    }
  }

  #put({ events, effect }: Batch, tree: Frontier, keys: readonly SignerKey[]): Appended {
    if (effect.erase !== undefined) eraseFrom(this.#database, effect.erase, this.#rows, this.indexed());
    for (const blob of effect.prune ?? []) this.#prune(blob);
    if (events.some(({ kind }) => kind === 'log.restored')) restoredMark.remove(this.#database);
    let checkpoint: Checkpoint | null = null;
    let signed = this.#signedSize;
    const written = events.map((event) => {
      const one = this.#write(event, tree);
      if (tree.size - signed >= eventsPerCheckpoint && keys.length > 0) {
        checkpoint = this.#sign(tree, keys);
        signed = tree.size;
      }
      return one;
    });
    if (effect.keys) checkpoint = this.#sign(tree, keys);
    return { written, size: tree.size, checkpoint };
  }

  #write(event: Prepared, tree: Frontier): Written {
    const seq = tree.size;
    const time = Date.parse(event.time);
    const stamps = event.blobs.map((blob, place) => {
      const hash = sha256(blob.content);
      this.#statements.putBlob.run(hash, blob.content.byteLength, time, blob.content);
      this.#statements.putEventBlob.run(seq, place, hash, blob.salt);
      const size = blob.content.byteLength;
      return { hash: saltedHash(blob.salt, blob.content), name: blob.name, size, type: blob.type };
    });
    const header: Header = {
      actor: event.actor,
      ...(stamps.length > 0 ? { blobs: stamps } : {}),
      data: saltedHash(event.salt, event.data),
      id: event.id,
      kind: event.kind,
      ...(event.parent ? { parent: event.parent } : {}),
      ...(event.scope ? { scope: event.scope } : {}),
      seq,
      time: event.time,
    };
    const text = headerText(header);
    const { actor, scope } = event;
    this.#statements.putEvent.run(
      seq,
      event.id,
      time,
      event.kind,
      actor.kind,
      actor.id ?? null,
      scope?.agent ?? null,
      scope?.run ?? null,
      scope?.session ?? null,
      scope?.subtask ?? null,
      event.parent ?? null,
      text,
      event.data,
      event.salt,
    );
    tree.append(leafHash(text), (leaves, place, root) => {
      const level = storedSizes.get(leaves);
      if (level !== undefined) this.#statements.putSubtree.run(level, place, root);
    });
    if (this.#rows.feedOn(event.kind)) this.#rows.apply(asRecorded(header, event.data));
    return { seq, stamps };
  }

  #signers(pems: readonly string[]): SignerKey[] {
    return pems.map((pem) => signerKeyFromPem(this.#log, pem));
  }

  #sign(tree: Frontier, keys: readonly SignerKey[]): Checkpoint {
    if (keys.length === 0) throw new Problem('unavailable', 'There is no key to sign a checkpoint with.');
    const now = new Date();
    const root = tree.root();
    const signed = signCheckpoint({ origin: this.#log, size: tree.size, root }, keys);
    // Signing the same size again must not lose the signature by which an old key vouched for the present one.
    const earlier = this.#statements.checkpointAt.get(tree.size) as string | undefined;
    const note = earlier === undefined ? signed : withSignaturesOf(signed, earlier);
    this.#statements.putCheckpoint.run(tree.size, now.getTime(), note);
    return { size: tree.size, root: toBase64(root), time: now.toISOString(), note };
  }

  /** A blob that was carried again since it was listed stays, and the list is made anew. */
  #prune({ hash, used }: Prunable['blobs'][number]): void {
    if (this.#statements.pruneBlob.run(hash, used).changes === 1) return;
    throw new Problem('conflict', 'What was to be pruned was used again meanwhile.', 'Prune again.');
  }
}

function asRecorded(header: Header, data: string): RecordedEvent {
  const { seq, id, time, kind, actor, scope = {}, parent } = header;
  const value = JSON.parse(data) as NonNullable<RecordedEvent['data']>;
  const known = { known: true, payload: 'present', data: value } as const;
  return { seq, id, time, kind, actor, scope, ...(parent ? { parent } : {}), ...known, blobs: [] };
}

function prepareStatements(database: Connection) {
  return {
    putEvent: database.prepare(`INSERT INTO events VALUES (${'?, '.repeat(13)}?)`),
    putBlob: database.prepare(`
      INSERT INTO blobs (hash, size, used, content) VALUES (?, ?, ?, ?)
      ON CONFLICT (hash) DO UPDATE SET used = excluded.used, content = coalesce(content, excluded.content)`),
    pruneBlob: database.prepare(
      'UPDATE blobs SET content = NULL WHERE hash = ? AND used = ? AND content IS NOT NULL',
    ),
    putEventBlob: database.prepare('INSERT INTO event_blobs (seq, place, hash, salt) VALUES (?, ?, ?, ?)'),
    putSubtree: database.prepare('INSERT OR REPLACE INTO subtrees (level, place, hash) VALUES (?, ?, ?)'),
    checkpointAt: database.prepare('SELECT note FROM checkpoints WHERE size = ?').pluck(),
    putCheckpoint: database.prepare('INSERT OR REPLACE INTO checkpoints (size, time, note) VALUES (?, ?, ?)'),
  };
}
