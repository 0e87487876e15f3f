import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { DiskRecord } from '../../shared/session-record.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Actor } from '../../shared/events/event.ts';
import { KeptRecords, type Pruning } from './records/kept-records.ts';
import { manifestText, sha256, sizeOf, writeSealed } from './records/manifest.ts';
import { writeProof } from './records/proof.ts';
import { writeTranscript } from './records/transcript.ts';
import { notKept, probe, RecordFolder, type SessionNote, settle, textOf } from './records/record-folder.ts';
import { makeTraversable, type ManifestEntry, refuseSecondNames, sealTree } from './records/sealing.ts';

export interface RecordNeeds {
  readonly record: Pick<AuditRecord, 'append' | 'exportInto' | 'query' | 'blob' | 'settings'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where records lie unless the settings say otherwise. */
  readonly root: string;
  /** The program that checks a record without Holdfast: a copy of it lies in each. */
  readonly checker: string;
}

export interface RecordedWork {
  readonly session: Id<'session'>;
  readonly agent: string;
  readonly repository: string;
  readonly workUnit: string | null;
  readonly started: Date;
}

export interface RecordedEnd {
  readonly ended: Date;
  /** The label of its outcome. */
  readonly outcome: string;
  /** What its command ended with, where it did. */
  readonly exitCode: number | null;
  /** Files of Holdfast's own that belong to it, by the name that each gets. */
  readonly files: readonly { readonly name: string; readonly from: string }[];
}

/** One session's record on disk, from its beginning to its seal. */
export interface WorkRecord {
  readonly folder: string;
  /** What the session may write in while it lives. */
  readonly live: string;
  /** When nothing of the session runs any more. Never throws: what could not be sealed stays incomplete, and that is on the record. */
  readonly seal: (end: RecordedEnd) => Promise<boolean>;
  /** It stays as it is, without an end: so one sees that nobody saw a proper one. */
  readonly leave: (reason: string) => Promise<void>;
}

/** So many events lie between the first and the last of a session at most, for its proof to lie beside it. */
const mostProven = 200_000;

/**
 * Records of sessions on disk, one folder each, that stay readable and provable without Holdfast. What a session
 * wrote is untrusted: it is sealed by descriptors, never through a link, and never under a second name.
 */
export class WorkRecords {
  readonly #needs: RecordNeeds;
  readonly #open = new Set<string>();
  readonly #kept: KeptRecords;
  readonly #closing = new AbortController();
  readonly #sealing = new Set<Promise<unknown>>();
  /** Where records were last seen to be kept. */
  #probed: string | null = null;

  constructor(needs: RecordNeeds) {
    this.#needs = needs;
    this.#kept = new KeptRecords(needs, () => this.root, this.#open);
  }

  get root(): string {
    return this.#needs.record.settings()['records.root'] ?? this.#needs.root;
  }

  /** Refuses before the session begins where records could not be sealed. */
  async begin(work: RecordedWork): Promise<WorkRecord> {
    const { root } = this;
    await this.#probeOnce(root);
    const folder = new RecordFolder(join(root, work.agent, work.session));
    const note = noteOf(work);
    try {
      await mkdir(join(root, work.agent), { recursive: true, mode: 0o755 });
      await folder.make(note);
    } catch (failure) {
      throw notKept(root, failure);
    }
    this.#open.add(work.session);
    return {
      folder: folder.path,
      live: folder.live,
      seal: (end) => this.#following(this.#sealOrLeave(folder, note, work.session, end)),
      leave: (reason) => this.#following(this.#leave(folder, work.session, reason)),
    };
  }

  list(agent: string | null): Promise<DiskRecord[]> {
    return this.#kept.list(agent);
  }

  get(session: string) {
    return this.#kept.get(session);
  }

  prune(pruning: Pruning, by: Actor) {
    return this.#kept.prune(pruning, by);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#sealing);
  }

  /** What a folder can keep does not change as long as it is the same one. */
  async #probeOnce(root: string): Promise<void> {
    const there = await identityOf(root);
    if (there !== null && there === this.#probed) return;
    await probe(root);
    this.#probed = await identityOf(root);
  }

  async #following<Result>(work: Promise<Result>): Promise<Result> {
    this.#sealing.add(work);
    try {
      return await work;
    } finally {
      this.#sealing.delete(work);
    }
  }

  async #sealOrLeave(
    folder: RecordFolder,
    note: SessionNote,
    session: Id<'session'>,
    end: RecordedEnd,
  ): Promise<boolean> {
    try {
      await this.#seal(folder, note, session, end);
    } catch (failure) {
      await this.#leave(folder, session, Problem.of(failure).message);
      return false;
    }
    this.#open.delete(session);
    await this.#kept.keepTo({ kind: 'system' }).catch((failure: unknown) => {
      this.#needs.log.warn({ err: failure }, 'records could not be pruned');
    });
    return true;
  }

  async #seal(
    folder: RecordFolder,
    begun: SessionNote,
    session: Id<'session'>,
    end: RecordedEnd,
  ): Promise<void> {
    const note = endedNote(begun, end);
    await makeTraversable(folder.live);
    await refuseSecondNames(folder.path);
    for (const { name, from } of end.files) await copyFile(from, join(folder.added, name));
    await writeTranscript(this.#needs.record, session, folder.added);
    await writeFile(join(folder.added, 'verify-record.mjs'), await readFile(this.#needs.checker));
    const entries = await this.#sealed(folder, note);
    const made = this.#needs.clock.now().toISOString();
    const manifest = manifestText({ format: 1, session, made, entries });
    await writeSealed(folder.manifest, manifest);
    const counts = { entries: entries.length, bytes: sizeOf(entries) };
    const data = { folder: folder.path, ...counts, manifest: sha256(manifest) };
    const scope = { session };
    const sealed = await this.#needs.record.append({
      kind: 'session.sealed',
      actor: { kind: 'system' },
      scope,
      data,
    });
    await this.#prove(folder, session, sealed.seq);
    await folder.write(note, true);
    await settle(folder).catch((failure: unknown) => {
      this.#needs.log.warn({ err: failure, session }, 'a record may not have reached the disk yet');
    });
  }

  /** What it holds, the last words of session.json among it, which are only written when all else is done. */
  async #sealed(folder: RecordFolder, note: SessionNote): Promise<ManifestEntry[]> {
    const entries: ManifestEntry[] = [];
    const told = (entry: ManifestEntry) => void entries.push(entry);
    await sealTree(folder.live, told, { root: folder.path });
    await sealTree(folder.added, told, { root: folder.path, keepOpen: true });
    const text = Buffer.from(textOf(note));
    told({ path: 'agentd/session.json', kind: 'file', bytes: text.length, sha256: sha256(text) });
    return entries;
  }

  async #prove(folder: RecordFolder, session: Id<'session'>, to: number): Promise<void> {
    const { record } = this.#needs;
    const [first] = (await record.query({ filter: { session }, after: -1, limit: 1 })).events;
    if (first && to - first.seq <= mostProven) {
      await writeProof(record, { session, from: first.seq, to, folder: folder.proof }, this.#closing.signal);
      await sealTree(folder.proof, () => undefined, { root: folder.path });
    }
    await sealTree(folder.added, () => undefined, {
      root: folder.path,
      leave: (path) => path === folder.proof,
    });
  }

  async #leave(folder: RecordFolder, session: Id<'session'>, reason: string): Promise<void> {
    this.#open.delete(session);
    this.#needs.log.warn({ session, folder: folder.path, reason }, 'the record of a session is incomplete');
    await this.#needs.record
      .append({
        kind: 'session.unsealed',
        actor: { kind: 'system' },
        scope: { session },
        data: { folder: folder.path, reason: reason.slice(0, 2000) },
      })
      .catch((failure: unknown) => {
        this.#needs.log.error({ err: failure, session }, 'that a record is incomplete is not on the record');
      });
  }
}

const identityOf = (root: string): Promise<string | null> =>
  stat(root, { bigint: true }).then(
    ({ dev, ino }) => `${root} ${dev}:${ino}`,
    () => null,
  );

function noteOf({ session, agent, repository, workUnit, started }: RecordedWork): SessionNote {
  return {
    schema_version: 2,
    session_id: session,
    agent,
    repo_url: repository,
    ...(workUnit !== null && { work_unit: workUnit }),
    start_timestamp: started.toISOString(),
  };
}

function endedNote(begun: SessionNote, { ended, outcome, exitCode }: RecordedEnd): SessionNote {
  return {
    ...begun,
    end_timestamp: ended.toISOString(),
    outcome,
    ...(exitCode !== null && { exit_code: exitCode }),
  };
}
