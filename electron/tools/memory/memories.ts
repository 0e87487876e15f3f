import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor, RecordedEvent, Scope } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { memoryCategories, type MemoryCategory } from '../../../shared/memory.ts';
import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { CallBudgets } from '../../models/models.ts';
import type { Remembered } from '../hands.ts';
import { InOrder } from '../in-order.ts';
import { contentOf, everyWording } from '../kept-words.ts';
import { bytesOfVector, type Embedded, type Embedder, vectorOfBytes } from './embedder.ts';
import { type Kept, MemoryIndex } from './memory-index.ts';

export interface MemoryNeeds {
  readonly record: Pick<
    AuditRecord,
    'append' | 'appendAll' | 'rows' | 'query' | 'blob' | 'erase' | 'onErased'
  >;
  readonly clock: Clock;
  readonly log: Log;
  readonly embedder: Pick<Embedder, 'model' | 'embed'>;
}

/** Who remembers, and for which agent. */
export interface Rememberer {
  readonly agent: string;
  readonly actor: Actor;
  readonly scope: Scope;
  readonly budgets?: (() => CallBudgets) | undefined;
}

export interface MemoryQuota {
  readonly mostRecords: number;
  readonly mostBytes: number;
}

interface Row {
  readonly id: Id<'memory'>;
  readonly category: MemoryCategory;
  readonly words: number;
  readonly stored: number;
  readonly embedding: string | null;
  readonly created: string;
}

/** A person may write longer ones than an agent may. */
const mostBytes = 65_536;
/** So many agents’ memories are kept ready at once. */
const mostReady = 4;

/** What each agent remembers beyond its sessions: on the record, found by words and, where it is set up, by meaning. */
export class Memories {
  readonly #needs: MemoryNeeds;
  readonly #order = new InOrder();
  readonly #ready = new Map<string, MemoryIndex>();
  readonly #deaf: () => void;

  constructor(needs: MemoryNeeds) {
    this.#needs = needs;
    this.#deaf = needs.record.onErased(({ event: { kind, scope } }) => {
      if (kind === 'memory.worded' && scope.agent !== undefined) this.#forgetReady(scope.agent);
    });
  }

  agents(): { agent: string; count: number }[] {
    return this.#needs.record
      .rows('SELECT agent, count(*) AS count FROM memories GROUP BY agent ORDER BY agent')
      .map(({ agent, count }) => ({ agent: String(agent), count: Number(count) }));
  }

  /** Everything that an agent remembers, the oldest first. */
  list(agent: string): Promise<readonly Kept[]> {
    return this.#order.do(agent, async () => (await this.#index(agent)).all);
  }

  async get(id: string): Promise<Kept & { agent: string }> {
    const agent = this.#agentOf(id);
    const found = (await this.list(agent)).find((memory) => memory.id === id);
    if (!found) throw noMemory(id);
    return { ...found, agent };
  }

  /** Stored again by the same call, after a crash, it is the one that there is. */
  store(
    by: Rememberer,
    memory: { content: string; category: MemoryCategory; replaces: string | null; call: Id<'call'> | null },
    quota: MemoryQuota,
  ): Promise<Id<'memory'>> {
    return this.#order.do(by.agent, async () => {
      const { content, category, replaces, call } = memory;
      const before =
        call === null ? [] : this.#needs.record.rows('SELECT id FROM memories WHERE call = ?', call);
      if (before[0]) return String(before[0]['id']) as Id<'memory'>;
      refuseLong(content, quota.mostBytes);
      const index = await this.#index(by.agent);
      if (replaces !== null && !index.has(replaces)) throw noMemory(replaces);
      const vector = await this.#embedded(content, by);
      const id = newId('memory', this.#needs.clock.now());
      const gone = leaving(index, replaces, quota.mostRecords);
      const { actor, scope } = by;
      const [worded, stored] = await this.#needs.record.appendAll([
        wording(by, id, content, vector),
        {
          kind: 'memory.stored',
          actor,
          scope,
          data: { memory: id, category, embedding: vector?.model ?? null, ...(call !== null && { call }) },
        },
        ...gone.map(({ id: leaves, reason }): Draft => ({
          kind: 'memory.removed',
          actor,
          scope,
          data: { memory: leaves, reason },
        })),
      ]);
      for (const { id: leaves } of gone) index.drop(leaves);
      index.put({
        id,
        category,
        vector,
        stored: stored!.seq,
        created: stored!.time,
        content: contentOf(worded!) ?? '',
      });
      return id;
    });
  }

  /** A person puts it right. */
  edit(id: string, to: { content: string; category: MemoryCategory | null }, actor: Actor): Promise<Kept> {
    const agent = this.#agentOf(id);
    return this.#order.do(agent, async () => {
      refuseLong(to.content, mostBytes);
      const row = this.#rows(agent).find((each) => each.id === id);
      if (!row) throw noMemory(id);
      const index = await this.#index(agent);
      const by = { agent, actor, scope: { agent } };
      const vector = await this.#embedded(to.content, by);
      const category = to.category ?? row.category;
      const [worded] = await this.#needs.record.appendAll([
        wording(by, row.id, to.content, vector),
        {
          kind: 'memory.changed',
          actor,
          scope: { agent },
          data: { memory: row.id, category, embedding: vector?.model ?? null },
        },
      ]);
      const content = contentOf(worded!) ?? '';
      const kept: Kept = { id: row.id, category, vector, created: row.created, stored: row.stored, content };
      index.put(kept);
      return kept;
    });
  }

  async query(
    by: Rememberer,
    question: { query: string; limit: number; category: MemoryCategory | null },
  ): Promise<{ found: Remembered[]; how: string }> {
    const { query, limit, category } = question;
    const { vector, how } = await this.#meaningOf(query, by);
    return this.#order.do(by.agent, async () => {
      const index = await this.#index(by.agent);
      const found = index.search(query, vector, category, limit);
      const { actor, scope } = by;
      await this.#needs.record.append({
        kind: 'memory.queried',
        actor,
        scope,
        data: { results: found.length },
      });
      return { found, how };
    });
  }

  /** It is no longer remembered; what it said stays on the record. */
  remove({ agent, actor, scope }: Rememberer, id: string): Promise<void> {
    return this.#order.do(agent, async () => {
      const row = this.#rows(agent).find((each) => each.id === id);
      if (!row) throw noMemory(id);
      const data = { memory: row.id, reason: 'deleted' as const };
      await this.#needs.record.append({ kind: 'memory.removed', actor, scope, data });
      this.#ready.get(agent)?.drop(id);
    });
  }

  /** Takes what it says, and ever said, out of the record as well. */
  erase(id: string, actor: Actor): Promise<void> {
    const agent = this.#agentOf(id);
    return this.#order.do(agent, async () => {
      const { record } = this.#needs;
      for await (const event of everyWording(record, 'memory.worded', agent)) {
        if (memoryOf(event) === id) await record.erase(event.seq, 'a person erased this memory', actor);
      }
      const data = { memory: id as Id<'memory'>, reason: 'erased' as const };
      await record.append({ kind: 'memory.removed', actor, scope: { agent }, data });
      this.#ready.get(agent)?.drop(id);
    });
  }

  close(): void {
    this.#deaf();
    for (const index of this.#ready.values()) index.close();
    this.#ready.clear();
  }

  /** What was erased from the record by its number is read by nobody who asks from now on. */
  #forgetReady(agent: string): void {
    void this.#order.do(agent, async () => {
      this.#ready.get(agent)?.close();
      this.#ready.delete(agent);
    });
  }

  async #index(agent: string): Promise<MemoryIndex> {
    const known = this.#ready.get(agent);
    if (known) {
      this.#ready.delete(agent);
      this.#ready.set(agent, known);
      return known;
    }
    const found: Kept[] = [];
    const rows = new Map(this.#rows(agent).map((row) => [row.words, row]));
    for await (const event of everyWording(this.#needs.record, 'memory.worded', agent)) {
      const row = rows.get(event.seq);
      if (!row) continue;
      const { id, category, created, stored } = row;
      const content = contentOf(event) ?? '(what it said was erased)';
      found.push({ id, category, created, stored, content, vector: await this.#vectorOf(event, row) });
    }
    const made = new MemoryIndex();
    made.fill(found.toSorted((a, b) => a.stored - b.stored));
    this.#ready.set(agent, made);
    for (const [oldest, index] of this.#ready) {
      if (this.#ready.size <= mostReady) break;
      index.close();
      this.#ready.delete(oldest);
    }
    return made;
  }

  /** A vector that was pruned is missed only by searches for its meaning. */
  async #vectorOf(event: RecordedEvent, { embedding }: Row): Promise<Kept['vector']> {
    const blob = event.blobs.find(({ name }) => name === 'vector');
    if (embedding === null || blob?.state !== 'present') return null;
    const { content, next } = await this.#needs.record.blob(event.seq, blob.index, 0);
    const values = next === null ? vectorOfBytes(content) : null;
    return values && { model: embedding, values };
  }

  /** What is not embedded is found by its words. An agent whose budget is used up stops; a person goes on. */
  async #embedded(content: string, by: Rememberer): Promise<Embedded | null> {
    try {
      return await this.#needs.embedder.embed(content, askerOf(by));
    } catch (failure) {
      if (stops(failure, by)) throw failure;
      this.#needs.log.warn({ err: failure }, 'a memory could not be embedded');
      return null;
    }
  }

  async #meaningOf(query: string, by: Rememberer): Promise<{ vector: Embedded | null; how: string }> {
    try {
      const vector = await this.#needs.embedder.embed(query, askerOf(by));
      return { vector, how: vector ? 'by words and meaning' : 'by words' };
    } catch (failure) {
      if (stops(failure, by)) throw failure;
      const { message } = Problem.of(failure);
      return { vector: null, how: `by words alone: ${message}` };
    }
  }

  #agentOf(id: string): string {
    const [row] = this.#needs.record.rows('SELECT agent FROM memories WHERE id = ?', id);
    if (!row) throw noMemory(id);
    return String(row['agent']);
  }

  #rows(agent: string): Row[] {
    return this.#needs.record
      .rows(
        'SELECT id, category, words, stored, embedding, created FROM memories WHERE agent = ? ORDER BY stored',
        agent,
      )
      .map((row) => ({
        id: String(row['id']) as Id<'memory'>,
        category: memoryCategories.find((each) => each === row['category']) ?? 'fact',
        words: Number(row['words']),
        stored: Number(row['stored']),
        embedding: row['embedding'] === null ? null : String(row['embedding']),
        created: String(row['created']),
      }));
  }
}

const askerOf = ({ agent, actor, scope, budgets }: Rememberer) => ({
  agent,
  actor,
  scope,
  budgets: budgets?.(),
});

const stops = (failure: unknown, { actor }: Rememberer) =>
  actor.kind === 'agent' && Problem.of(failure).code === 'budget_exhausted';

function wording(by: Rememberer, memory: Id<'memory'>, content: string, vector: Embedded | null): Draft {
  const { actor, scope } = by;
  const type = 'application/octet-stream';
  const blobs = vector ? [{ name: 'vector', type, content: bytesOfVector(vector.values) }] : [];
  return { kind: 'memory.worded', actor, scope, data: { memory, content }, blobs };
}

/** What a new one replaces, and the oldest where there is no more room. */
function leaving(index: MemoryIndex, replaces: string | null, most: number) {
  const replaced = replaces === null ? [] : [replaces as Id<'memory'>];
  const tooMany = index.size - replaced.length + 1 - most;
  return [
    ...replaced.map((id) => ({ id, reason: 'replaced' as const })),
    ...index.oldest(tooMany, replaces).map((id) => ({ id, reason: 'evicted' as const })),
  ];
}

const memoryOf = (event: RecordedEvent) => (event.data as { memory?: unknown } | undefined)?.memory;

function refuseLong(content: string, most: number): void {
  const bytes = Buffer.byteLength(content);
  if (content.trim() === '') throw new Problem('invalid_input', 'There is nothing to remember in it.');
  if (bytes <= most) return;
  throw new Problem(
    'too_large',
    `It has ${bytes.toLocaleString('en')} bytes; ${most.toLocaleString('en')} is the most.`,
    'Say it more briefly.',
  );
}

const noMemory = (id: string) =>
  new Problem('not_found', `There is no memory ${id.slice(0, 64)}.`, 'Look for it with memory_query.');
