import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draft } from '../../shared/events/catalogue.ts';
import { databaseName, openForReading } from '../store/database.ts';
import { newSignerKey, type SignerKey } from './tree/note.ts';
import { prepare } from './appending/prepare.ts';
import type { Projection } from './projection.ts';
import { createRedactor } from './appending/redact.ts';
import { Writer } from './writer.ts';
import type { Appended, Effect } from './writing.ts';

const plain = createRedactor([]);
const system = { kind: 'system' } as const;

/** A record straight on the writer, in a folder of its own: for tests and measurements. */
export class SampleLog {
  readonly folder: string;
  readonly path: string;
  readonly name: string;
  readonly writer: Writer;
  readonly key: SignerKey;
  size = 0;
  #time = Date.UTC(2026, 0, 1);

  constructor(
    projections: readonly Projection[] = [],
    name = 'holdfast/0123456789abcdefghjkmnpqrs',
    key = newSignerKey(name),
    folder = mkdtempSync(join(tmpdir(), 'holdfast-log-')),
  ) {
    this.folder = folder;
    this.path = join(folder, databaseName);
    this.name = name;
    this.writer = new Writer(this.path, projections);
    this.size = this.writer.open(name).size;
    this.key = key;
    this.writer.keys([this.key.pem]);
    if (this.size > 0) return;
    this.append({ kind: 'log.created', actor: system, data: { log: name, key: this.key.text } });
  }

  /** The same record again, after its file was exchanged. */
  static reopen(log: SampleLog): SampleLog {
    return new SampleLog([], log.name, log.key, log.folder);
  }

  append(...drafts: Draft[]): Appended {
    return this.appendWith({}, ...drafts);
  }

  appendWith(effect: Effect, ...drafts: Draft[]): Appended {
    const prepared = drafts.map((draft) => prepare(draft, new Date((this.#time += 7)), plain).prepared);
    const appended = this.writer.append(prepared, effect);
    this.size = appended.size;
    this.writer.index();
    return appended;
  }

  /** Ordinary events of about 450 bytes. */
  fill(count: number): void {
    for (let done = 0; done < count; done += 1000) {
      const drafts = Array.from({ length: Math.min(1000, count - done) }, (_, i) => ordinary(this.size + i));
      this.append(...drafts);
    }
  }

  checkpoint(): string {
    return this.writer.checkpoint().note;
  }

  /** One value out of the database. */
  /** Prunes the blobs of this content, as a policy would. */
  pruneContent(content: string): void {
    const hash = createHash('sha256').update(content).digest('hex');
    const { blobs } = this.writer.prunable(Number.MAX_SAFE_INTEGER, null);
    const bytes = Buffer.byteLength(content);
    const data = { before: new Date(this.#time).toISOString(), count: 1, bytes, policy: 'a sample' };
    const chosen = blobs.filter((blob) => blob.hash === hash);
    this.appendWith({ prune: chosen }, { kind: 'blobs.pruned', actor: system, data });
  }

  read(sql: string): unknown {
    const database = openForReading(this.path);
    try {
      return database.prepare(sql).pluck().get();
    } finally {
      database.close();
    }
  }

  async close(): Promise<void> {
    this.writer.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const run = (number: number) => `run_${String(number).padStart(26, '0')}` as const;
const session = (number: number) => `ses_${String(number).padStart(26, '0')}` as const;

function ordinary(number: number): Draft {
  const scope = { agent: `worker-${number % 7}`, run: run(number % 50), session: session(number % 400) };
  const actor = { kind: 'agent', id: `worker-${number % 7}` } as const;
  if (number % 3 === 0) {
    const data = { model: 'stand-in-large', inputTokens: number % 9000, outputTokens: number % 700 };
    return { kind: 'model.called', actor, scope, data };
  }
  const preview = `grep -rn "needle ${number}" src | head -20 && cat notes/${number % 97}.md`;
  const inputHash = number.toString(16).padStart(64, '0');
  return {
    kind: 'tool.invoked',
    actor,
    scope,
    data: { tool: 'shell', inputHash, preview, surface: 'namespace' },
  };
}
