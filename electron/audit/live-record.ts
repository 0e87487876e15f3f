import type { Statement } from 'better-sqlite3';
import type {
  Checkpoint,
  EventFilter,
  PreviewWish,
  RecordState,
  Withhold,
} from '../../shared/contract/record.ts';
import type { Draft, EventKind } from '../../shared/events/catalogue.ts';
import type { Actor, RecordedEvent } from '../../shared/events/event.ts';
import { recordKinds } from '../../shared/events/record-kinds.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { defaultSettings, type Settings } from '../../shared/settings.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Thread } from '../base/thread-call.ts';
import type { Connection } from '../store/database.ts';
import type { Vault } from '../store/vault.ts';
import { AppendQueue } from './appending/append-queue.ts';
import { Belonging, firstScope } from './appending/belonging.ts';
import { Forgetting } from './appending/forgetting.ts';
import { CheckpointKeeper } from './checkpoints/checkpoint-keeper.ts';
import { Followers } from './looking/followers.ts';
import type { KeptCheckpoint } from './checkpoints/kept-checkpoint.ts';
import { readCheckpoint, type SignerKey } from './tree/note.ts';
import { type Prepared, prepare } from './appending/prepare.ts';
import type { Cell } from './projection.ts';
import type { Proving } from './proving.ts';
import type { ReaderPool } from './looking/reader-pool.ts';
import { Searching } from './looking/searching.ts';
import type { AuditRecord, Erased, Pruned } from './record.ts';
import { createRedactor, type Redactor } from './appending/redact.ts';
import { settingRows } from './setting-rows.ts';
import { settingsFrom } from './settings-from.ts';
import type { SigningKeys } from './checkpoints/signing-keys.ts';
import { said } from './verification/said.ts';
import { StorageState } from './appending/storage-state.ts';
import type { Appended, Effect, WriterCalls, WriterOpened } from './writing.ts';

const system = { kind: 'system' } as const;

/** Look-ups of derived rows are the same few over and over. */
const mostStatements = 200;

export interface LiveParts {
  opened: WriterOpened & { indexed: number };
  clock: Clock;
  log: Log;
  vault: Vault;
  keys: SigningKeys;
  writer: Thread<WriterCalls>;
  readers: ReaderPool;
  kept: KeptCheckpoint;
  /** The main thread's own connection: small, indexed look-ups of derived rows. */
  rows: Connection;
  proving: Proving;
}

/** The open record on the main thread: checks and cleans events, and leaves the disk to its threads. */
export class LiveRecord implements AuditRecord {
  readonly #parts: LiveParts;
  readonly #queue: AppendQueue;
  readonly #searching: Searching;
  readonly #followers: Followers;
  readonly #checkpoints: CheckpointKeeper;
  readonly #storage: StorageState;
  readonly #forgetting: Forgetting;
  readonly #listeners = new Set<() => void>();
  readonly #erasedListeners = new Set<(gone: Erased) => void>();
  readonly #belonging = new Belonging((session) => this.#firstScope(session));
  readonly #statements = new Map<string, Statement<Cell[]>>();
  #size: number;
  #settings: Settings = defaultSettings;
  #redactor: { secrets: readonly string[]; redactor: Redactor } | undefined;
  #rotating: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    const { clock, log, writer, readers, kept, opened } = parts;
    this.#size = opened.size;
    this.#queue = new AppendQueue({
      send: (events, effect) => writer.call('append', { events, ...(effect ? { effect } : {}) }),
      committed: (...written) => this.#committed(...written),
      refused: (problem, events) => this.#storage.refused(problem, events),
    });
    this.#searching = new Searching({
      size: () => this.#size,
      indexed: opened.indexed,
      index: () => writer.call('index', null),
      query: (question) => readers.call('query', question),
    });
    this.#followers = new Followers({
      size: opened.size,
      clock,
      read: (filter, after, limit) => this.#searching.query({ filter, after, limit }),
    });
    this.#storage = new StorageState({
      clock,
      probe: (gap) => this.append({ kind: 'storage.filled', actor: system, data: gap }),
      changed: () => this.#changed(),
    });
    this.#forgetting = new Forgetting(clock, log, () => writer.call('forget', null));
    this.#checkpoints = new CheckpointKeeper({
      clock,
      log,
      kept,
      newest: opened.checkpoint,
      settings: () => this.#settings,
      sign: () => writer.call('checkpoint', null),
      signed: () => this.#changed(),
      failed: (destination, size, reason) => {
        log.warn({ destination, size, reason }, 'a checkpoint could not be sent');
        const draft: Draft = {
          kind: 'checkpoint.delivery_failed',
          actor: system,
          data: { destination, size, reason },
        };
        this.append(draft).catch((problem: unknown) =>
          log.warn({ err: problem }, 'could not record a failed delivery'),
        );
      },
    });
    this.#readSettings();
  }

  async append(draft: Draft): Promise<RecordedEvent> {
    const [event] = await this.#add([draft]);
    return event!;
  }

  appendAll(drafts: readonly Draft[]): Promise<readonly RecordedEvent[]> {
    return this.#add(drafts);
  }

  state(): RecordState {
    const { key, fingerprint } = this.#publicKey();
    return {
      log: this.#parts.opened.log,
      size: this.#size,
      checkpoint: this.#checkpoints.newest,
      key,
      fingerprint,
      storage: this.#storage.state,
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onErased(listener: (gone: Erased) => void): () => void {
    this.#erasedListeners.add(listener);
    return () => this.#erasedListeners.delete(listener);
  }

  settings(): Settings {
    return this.#settings;
  }

  query(question: Parameters<AuditRecord['query']>[0]) {
    return this.#searching.query(question);
  }

  get(event: string) {
    return this.#parts.readers.call('get', event);
  }

  blob(seq: number, index: number, offset: number) {
    return this.#parts.readers.call('blob', { seq, index, offset });
  }

  searchBlobs(question: Parameters<AuditRecord['searchBlobs']>[0]) {
    return this.#parts.readers.call('searchBlobs', question);
  }

  follow(question: { from?: number | undefined; filter: EventFilter }, signal: AbortSignal) {
    return this.#followers.follow(question, signal);
  }

  followers(): number {
    return this.#followers.count;
  }

  rows(sql: string, ...values: Cell[]): readonly Record<string, Cell>[] {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#parts.rows.prepare<Cell[]>(sql);
      if (this.#statements.size < mostStatements) this.#statements.set(sql, statement);
    }
    return statement.all(...values) as Record<string, Cell>[];
  }

  async checkpoint(): Promise<Checkpoint> {
    await this.#queue.drained();
    return this.#checkpoints.signNow();
  }

  /** One at a time: each takes over from the one before. */
  rotateKey(reason: string, by: Actor): Promise<{ key: string; fingerprint: string }> {
    const rotated = this.#rotating.then(() => this.#rotate(reason, by));
    this.#rotating = rotated.catch(() => undefined);
    return rotated;
  }

  async erase(seq: number, reason: string, by: Actor, blobs?: readonly number[]): Promise<RecordedEvent> {
    const { event } = await this.get(String(seq));
    const places = blobs && [...new Set(blobs)].toSorted((a, b) => a - b);
    const data = { event: event.id, seq, reason, ...(places ? { blobs: places } : {}) };
    const draft: Draft = { kind: 'payload.erased', actor: by, data };
    const [erased] = await this.#add([draft], { erase: places ? { seq, blobs: places } : seq });
    this.#followers.forget(seq);
    const gone = event.blobs.filter(({ index }) => !places || places.includes(index));
    const told = { event, blobs: new Set(gone.map(({ name }) => name)) };
    for (const listener of this.#erasedListeners) listener(told);
    await this.#forgetting.begin();
    return erased!;
  }

  async prune({ dryRun, by }: { dryRun: boolean; by: Actor }): Promise<Pruned> {
    const now = this.#parts.clock.now();
    const { before, maxBytes, policy } = pruningPolicy(this.#settings, now);
    const { blobs, bytes, left } = await this.#parts.writer.call('prunable', { before, maxBytes });
    const found = { count: blobs.length, bytes };
    const told = { ...found, left };
    if (dryRun || blobs.length === 0) return told;
    const kept = left.count > 0 && { left: left.count };
    const data = { ...found, ...kept, policy, before: new Date(before ?? now.getTime()).toISOString() };
    await this.#add([{ kind: 'blobs.pruned', actor: by, data }], { prune: blobs });
    return told;
  }

  async *verify({ by, ...options }: Parameters<AuditRecord['verify']>[0], signal: AbortSignal) {
    refuseOtherThanNotes(options.against);
    for await (const told of this.#parts.proving.verify(options, signal)) {
      if (told.result) {
        const { ok, size, findings } = told.result;
        const data = { ok, size, problems: findings.length };
        // On a full disk nobody should be kept from hearing the result.
        await this.append({ kind: 'record.verified', actor: by, data }).catch((problem: unknown) =>
          this.#parts.log.warn({ err: problem }, 'a verification could not be recorded'),
        );
      }
      yield told;
    }
  }

  misfits(): readonly string[] {
    return this.#parts.kept.misfits();
  }

  exportPreview(range: PreviewWish) {
    this.#refuseOutside(range);
    return this.#parts.proving.preview(range);
  }

  async *export({ by, ...request }: Parameters<AuditRecord['export']>[0], signal: AbortSignal) {
    this.#refuseOutside(request);
    const checkpoint = await this.#checkpointOver(request.to);
    for await (const told of this.#parts.proving.export({ ...request, checkpoint }, signal)) {
      if (told.result) {
        const { bundle, events, withheld, sha256 } = told.result;
        const data = { bundle, from: request.from, to: request.to, events, withheld, sha256 };
        await this.append({ kind: 'record.exported', actor: by, data });
      }
      yield told;
    }
  }

  async exportInto(
    folder: string,
    request: { from: number; to: number; withhold: Withhold },
    signal: AbortSignal,
  ): Promise<void> {
    this.#refuseOutside(request);
    const checkpoint = await this.#checkpointOver(request.to);
    await this.#parts.proving.exportInto(folder, { ...request, checkpoint }, signal);
  }

  readExport(bundle: Id<'bundle'>, offset: number) {
    return this.#parts.proving.readExport(bundle, offset);
  }

  async *backup(path: string, by: Actor, signal: AbortSignal) {
    const checkpoint = await this.checkpoint();
    for await (const told of this.#parts.proving.backup(path, checkpoint, signal)) {
      if (told.result) {
        const { size, bytes } = told.result;
        await this.append({ kind: 'backup.created', actor: by, data: { size, bytes } });
      }
      yield told;
    }
  }

  /** The newest, where it covers this event. */
  async #checkpointOver(seq: number): Promise<Checkpoint> {
    const { newest } = this.#checkpoints;
    return newest && newest.size > seq ? newest : this.checkpoint();
  }

  async rebuild(by: Actor) {
    const rebuilt = await this.#parts.proving.rebuild();
    const data = { tables: rebuilt.tables.length, differences: rebuilt.differences };
    await this.append({ kind: 'log.rebuilt', actor: by, data });
    if (rebuilt.differences > 0) this.#readSettings();
    return rebuilt;
  }

  /** Signs with the kept key, or begins the log with a new one. */
  async begin(): Promise<void> {
    const { keys, opened } = this.#parts;
    // What was erased in a life that ended before it was all gone.
    void this.#forgetting.begin();
    // Before anything is signed and sent: what a backup said of tokens and destinations ends with this event.
    const restored = opened.restored && said(recordKinds['log.restored'].data, opened.restored);
    if (restored) await this.append({ kind: 'log.restored', actor: { kind: 'operator' }, data: restored });
    if (opened.size === 0) {
      if (!keys.key) await keys.promote(await keys.makeNext());
      await this.#installKeys(keys.require());
      await this.append({
        kind: 'log.created',
        actor: system,
        data: { log: opened.log, key: keys.require().text },
      });
      return;
    }
    if (keys.key) await this.#installKeys(keys.key);
    const { next } = keys;
    if (next && (await this.#rotatedTo(next))) await this.#takeOver(next);
    if (!keys.key) await this.rotateKey('the key of this record was not in the vault', system);
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const { writer, readers, rows, log } = this.#parts;
    this.#storage.close();
    this.#forgetting.close();
    this.#followers.close();
    await this.#queue.drained();
    try {
      if (this.#checkpoints.newest?.size !== this.#size) await this.#checkpoints.signNow();
    } catch (problem) {
      log.warn({ err: problem }, 'the last checkpoint could not be signed');
    }
    await this.#checkpoints.close();
    await this.#parts.proving.close();
    await readers.close();
    rows.close();
    await writer.call('close', null);
    await writer.close();
  }

  async #add(drafts: readonly Draft[], effect?: Effect): Promise<readonly RecordedEvent[]> {
    if (this.#closing)
      throw new Problem('unavailable', 'Holdfast is stopping; the record takes no more events.');
    const redactor = this.#currentRedactor();
    const prepared: Prepared[] = [];
    const values: unknown[] = [];
    for (const draft of drafts) {
      const made = prepare(this.#belonging.scoped(draft), this.#parts.clock.now(), redactor);
      prepared.push(made.prepared);
      values.push(made.value);
    }
    return this.#queue.add(prepared, values, effect);
  }

  #firstScope(session: string) {
    const [first] = this.rows(firstScope, session);
    if (!first?.['run']) return null;
    const { run, subtask } = first;
    return { run: run as Id<'run'>, ...(subtask && { subtask: subtask as Id<'subtask'> }) };
  }

  #committed(events: readonly RecordedEvent[], appended: Appended, letters: readonly number[]): void {
    this.#size = appended.size;
    if (events.some(({ kind }) => settingRows.kinds.includes(kind as EventKind))) this.#readSettings();
    this.#checkpoints.written(appended.checkpoint, appended.size);
    this.#followers.committed(events, letters);
    this.#changed();
  }

  #currentRedactor(): Redactor {
    const secrets = this.#parts.vault.values();
    if (this.#redactor?.secrets !== secrets) this.#redactor = { secrets, redactor: createRedactor(secrets) };
    return this.#redactor.redactor;
  }

  #readSettings(): void {
    this.#settings = settingsFrom(this.rows('SELECT key, value FROM settings'));
  }

  #refuseOutside({ from, to }: { from: number; to: number }): void {
    if (from <= to && to < this.#size) return;
    const mend = `Choose a range within 0 to ${this.#size - 1}.`;
    throw new Problem('invalid_input', `There are no events ${from} to ${to}.`, mend);
  }

  /**
   * The new key is in the vault before the log names it, and the checkpoint over the event is signed by both in
   * the event's own transaction: so the old key vouches for the new, and signs nothing alone that comes later.
   * `begin` finishes a rotation that was cut off.
   */
  async #rotate(reason: string, by: Actor): Promise<{ key: string; fingerprint: string }> {
    const { keys } = this.#parts;
    const next = await keys.makeNext();
    const data = { previous: keys.key?.text ?? 'lost', next: next.text, reason };
    const signers = [next, ...(keys.key ? [keys.key] : [])].map((key) => key.pem);
    await this.#add([{ kind: 'key.rotated', actor: by, data }], { keys: signers });
    await this.#takeOver(next);
    return this.#publicKey();
  }

  async #rotatedTo(key: SignerKey): Promise<boolean> {
    const page = await this.query({ filter: { kinds: ['key.rotated'] }, limit: 1 });
    return (page.events[0]?.data as { next?: string } | undefined)?.next === key.text;
  }

  async #takeOver(next: SignerKey): Promise<void> {
    const { keys } = this.#parts;
    await this.#installKeys(next, ...(keys.key ? [keys.key] : []));
    await this.checkpoint();
    await keys.promote(next);
    await this.#installKeys(next);
    // The fingerprint is part of the state, and only now another.
    this.#changed();
  }

  async #installKeys(...keys: readonly SignerKey[]): Promise<void> {
    await this.#parts.writer.call(
      'keys',
      keys.map((key) => key.pem),
    );
  }

  #publicKey(): { key: string; fingerprint: string } {
    const { text, fingerprint } = this.#parts.keys.require();
    return { key: text, fingerprint };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function refuseOtherThanNotes(notes: readonly string[]): void {
  const place = notes.findIndex((note) => readCheckpoint(note) === null);
  if (place < 0) return;
  throw new Problem(
    'invalid_input',
    `What is number ${place + 1} of those to compare with is no signed checkpoint.`,
    'Give a file that received a checkpoint, such as the one of the setting checkpoint.file.',
  );
}

function pruningPolicy(settings: Settings, now: Date) {
  const [keepDays, maxBytes] = [settings['blobs.keepDays'], settings['blobs.maxBytes']];
  const policy = [
    ...(keepDays === null ? [] : [`older than ${keepDays} days`]),
    ...(maxBytes === null ? [] : [`at most ${maxBytes} bytes`]),
  ].join(', ');
  return { before: keepDays === null ? null : now.getTime() - keepDays * 86_400_000, maxBytes, policy };
}
