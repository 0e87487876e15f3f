import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Actor } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import type { DiskRecord } from '../../../shared/session-record.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { RecordNeeds } from '../work-records.ts';
import { RecordFolder } from './record-folder.ts';

export interface Pruning {
  readonly dryRun: boolean;
  /** Null: as the settings say. */
  readonly olderThanDays: number | null;
  readonly beyondBytes: number | null;
}

const day = 86_400_000;
const mostNote = 64 * 1024;
const mostManifest = 256 << 20;
const sessionName = /^ses_[0-9a-hjkmnp-tv-z]{26}$/;
const agentName = /^[a-z][a-z0-9_-]{0,63}$/;

type Note = z.infer<ReturnType<typeof noteSchema>>;

function noteSchema() {
  return z.object({
    session_id: z.string().regex(sessionName),
    agent: z.string(),
    repo_url: z.string(),
    work_unit: z.string().optional(),
    start_timestamp: z.iso.datetime(),
    end_timestamp: z.iso.datetime().optional(),
    outcome: z.string().optional(),
    exit_code: z.int().optional(),
  });
}

function manifestSchema() {
  const entry = z.object({
    path: z.string().optional(),
    path64: z.string().optional(),
    kind: z.string(),
    bytes: z.int().min(0).optional(),
  });
  return z.object({ entries: z.array(entry) });
}

const headSchema = () => z.object({ count: z.int().min(0), bytes: z.int().min(0) });

/** Records as they lie on the disk: they are read there, so that what was restored or copied here counts as well. */
export class KeptRecords {
  readonly #needs: RecordNeeds;
  readonly #root: () => string;
  readonly #atWork: ReadonlySet<string>;

  constructor(needs: RecordNeeds, root: () => string, atWork: ReadonlySet<string>) {
    this.#needs = needs;
    this.#root = root;
    this.#atWork = atWork;
  }

  /** The newest first. */
  async list(agent: string | null): Promise<DiskRecord[]> {
    const root = this.#root();
    const agents = (await foldersIn(root)).filter((name) => agentName.test(name));
    const found: DiskRecord[] = [];
    for (const name of agents.filter((each) => agent === null || each === agent)) {
      for (const session of await foldersIn(join(root, name))) {
        if (!sessionName.test(session)) continue;
        const record = await this.#read(name, session);
        if (record) found.push(record);
      }
    }
    return found.toSorted((a, b) => (a.started < b.started ? 1 : -1));
  }

  async get(
    beginning: string,
  ): Promise<DiskRecord & { files: { path: string; kind: string; bytes: number }[] }> {
    const named = (await this.list(null)).filter(({ session }) => session.startsWith(beginning));
    const [record] = named;
    if (!record)
      throw new Problem('not_found', `There is no record of a session “${beginning}” on the disk.`);
    if (named.length > 1)
      throw new Problem('conflict', `“${beginning}” begins ${named.length} records.`, 'Name more of it.');
    const { entries } = (await manifestIn(new RecordFolder(record.folder))) ?? { entries: [] };
    const files = entries.map(({ path, path64 = '', kind, bytes = 0 }) => ({
      path: path ?? Buffer.from(path64, 'base64').toString(),
      kind,
      bytes,
    }));
    return { ...record, files: files.slice(0, 10_000) };
  }

  /** As the settings say; nothing where they say nothing. */
  async keepTo(by: Actor): Promise<void> {
    await this.prune({ dryRun: false, olderThanDays: null, beyondBytes: null }, by);
  }

  async prune(
    pruning: Pruning,
    by: Actor,
  ): Promise<{ records: DiskRecord[]; bytes: number; dryRun: boolean }> {
    const settings = this.#needs.record.settings();
    const days = pruning.olderThanDays ?? settings['records.keepDays'];
    const most = pruning.beyondBytes ?? settings['records.keepBytes'];
    const { dryRun } = pruning;
    if (days === null && most === null) return { records: [], bytes: 0, dryRun };
    const isAsked = pruning.olderThanDays !== null || pruning.beyondBytes !== null;
    const before = days === null ? null : this.#needs.clock.now().getTime() - days * day;
    let kept = 0;
    const going: { record: DiskRecord; why: 'age' | 'size' }[] = [];
    for (const record of await this.list(null)) {
      if (record.state === 'open') continue;
      kept += record.bytes;
      const end = Date.parse(record.ended ?? record.started);
      if (before !== null && end < before) going.push({ record, why: 'age' });
      else if (most !== null && kept > most) going.push({ record, why: 'size' });
    }
    if (!dryRun) for (const { record, why } of going) await this.#remove(record, isAsked ? 'asked' : why, by);
    const records = going.map(({ record }) => record);
    return { records, bytes: records.reduce((sum, { bytes }) => sum + bytes, 0), dryRun };
  }

  async #remove(record: DiskRecord, why: 'age' | 'size' | 'asked', by: Actor): Promise<void> {
    const { folder, entries, bytes, session } = record;
    await this.#needs.record.append({
      kind: 'session.record_removed',
      actor: by,
      scope: { session: session as `ses_${string}` },
      data: { folder, entries, bytes, why },
    });
    await removeTree(folder);
  }

  async #read(agent: string, session: string): Promise<DiskRecord | null> {
    const folder = new RecordFolder(join(this.#root(), agent, session));
    const note = await noteIn(folder);
    if (note?.session_id !== session) return null;
    const head = note.end_timestamp === undefined ? null : await headIn(folder);
    return {
      session,
      agent,
      folder: folder.path,
      state: head ? 'sealed' : this.#atWork.has(session) ? 'open' : 'incomplete',
      repository: note.repo_url,
      workUnit: note.work_unit ?? null,
      started: note.start_timestamp,
      ended: note.end_timestamp ?? null,
      outcome: note.outcome ?? null,
      exitCode: note.exit_code ?? null,
      bytes: head?.bytes ?? 0,
      entries: head?.count ?? 0,
    };
  }
}

async function noteIn(folder: RecordFolder): Promise<Note | null> {
  return read(folder.note, mostNote, noteSchema());
}

async function manifestIn(folder: RecordFolder) {
  return read(folder.manifest, mostManifest, manifestSchema());
}

/** What a manifest says of all of it, without all of it being read. */
async function headIn(folder: RecordFolder) {
  const [text] = (await textIn(folder.manifest, 4096)).split(',"entries":[', 1);
  return headSchema().safeParse(parsed(`${text}}`)).data ?? null;
}

/** Null where it is not there, or is none of ours. */
async function read<Value>(path: string, most: number, schema: z.ZodType<Value>): Promise<Value | null> {
  return schema.safeParse(parsed(await textIn(path, most))).data ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** At most so much of a plain file; nothing where there is none. */
async function textIn(path: string, most: number): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!file) return '';
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return '';
    const buffer = Buffer.alloc(Math.min(most, facts.size));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** None of them by a link. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifThere);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function ifThere(failure: unknown): [] {
  const { code } = failure as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return [];
  throw failure;
}
