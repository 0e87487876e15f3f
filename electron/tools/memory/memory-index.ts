import type { Id } from '../../../shared/ids.ts';
import { type Connection, openInMemory } from '../../store/database.ts';
import type { MemoryCategory } from '../../../shared/memory.ts';
import type { Remembered } from '../hands.ts';

export interface Kept {
  readonly id: Id<'memory'>;
  readonly content: string;
  readonly category: MemoryCategory;
  readonly created: string;
  /** Where on the record it was first stored: what is older has less. */
  readonly stored: number;
  /** What it means, as the model named here sees it. */
  readonly vector: { readonly model: string; readonly values: Float32Array } | null;
}

/** How much meaning counts beside words, where both are known. */
const meaning = 0.7;
/** Of a question; and memories that one of its words is looked up in. */
const mostWords = 32;
const mostRows = 2000;

/** What one agent remembers, ready to be searched: a cache of what the record says. */
export class MemoryIndex {
  readonly #database: Connection = openInMemory();
  readonly #kept = new Map<string, Kept>();
  readonly #rows = new Map<string, number>();
  #next = 1;

  constructor() {
    this.#database.exec(
      "CREATE VIRTUAL TABLE words USING fts5(content, tokenize = 'porter unicode61 remove_diacritics 2')",
    );
  }

  /** The oldest first. */
  get all(): readonly Kept[] {
    return [...this.#kept.values()];
  }

  get size(): number {
    return this.#kept.size;
  }

  has(id: string): boolean {
    return this.#kept.has(id);
  }

  /** So many that were stored first, this one left aside. */
  oldest(count: number, aside: string | null): Id<'memory'>[] {
    const found: Id<'memory'>[] = [];
    for (const { id } of this.#kept.values()) {
      if (found.length >= count) break;
      if (id !== aside) found.push(id);
    }
    return found;
  }

  /** All at once, the oldest first. */
  fill(memories: readonly Kept[]): void {
    this.#database.transaction(() => {
      for (const memory of memories) this.put(memory);
    })();
  }

  /** A new one is the newest; one that is there keeps its place. */
  put(memory: Kept): void {
    const row = this.#rows.get(memory.id) ?? this.#next++;
    this.#database
      .prepare('INSERT OR REPLACE INTO words (rowid, content) VALUES (?, ?)')
      .run(row, memory.content);
    this.#kept.set(memory.id, memory);
    this.#rows.set(memory.id, row);
  }

  drop(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#database.prepare('DELETE FROM words WHERE rowid = ?').run(row);
    this.#kept.delete(id);
    this.#rows.delete(id);
  }

  /** The best first: by words, and by meaning where there is a vector of the same model. */
  search(
    query: string,
    vector: { readonly model: string; readonly values: Float32Array } | null,
    category: MemoryCategory | null,
    limit: number,
  ): Remembered[] {
    const words = this.#byWords(query);
    const found: { readonly memory: Remembered; readonly stored: number }[] = [];
    for (const memory of this.#kept.values()) {
      if (category !== null && memory.category !== category) continue;
      const said = words.get(this.#rows.get(memory.id) ?? 0) ?? 0;
      const near = nearness(vector, memory.vector);
      const score = near === null ? said : meaning * near + (1 - meaning) * said;
      if (score <= 0) continue;
      const { id, content, created, stored } = memory;
      const rounded = Math.round(score * 1000) / 1000;
      const told = { id, content, category: memory.category, created, score: rounded };
      found.push({ memory: told, stored });
    }
    return found
      .toSorted((a, b) => b.memory.score - a.memory.score || b.stored - a.stored)
      .slice(0, limit)
      .map(({ memory }) => memory);
  }

  close(): void {
    this.#database.close();
  }

  /** How much of what was asked each says, 0…1: rarer words count for more, and forms of a word as that word. */
  #byWords(query: string): Map<number, number> {
    const words = new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
    const scores = new Map<number, number>();
    const find = this.#database.prepare('SELECT rowid FROM words WHERE words MATCH ? LIMIT ?').pluck();
    let whole = 0;
    for (const word of [...words].slice(0, mostWords)) {
      const rows = find.all(`"${word}"`, mostRows) as number[];
      const weight = Math.log(1 + this.#kept.size / Math.max(1, rows.length));
      whole += weight;
      for (const row of rows) scores.set(row, (scores.get(row) ?? 0) + weight);
    }
    return new Map([...scores].map(([row, score]) => [row, whole === 0 ? 0 : score / whole]));
  }
}

/** The cosine of two vectors as 0…1; null where they cannot be compared. */
function nearness(one: Kept['vector'], other: Kept['vector']): number | null {
  if (!one || !other || one.model !== other.model || one.values.length !== other.values.length) return null;
  let dot = 0;
  let a = 0;
  let b = 0;
  for (const [i, value] of one.values.entries()) {
    const beside = other.values[i] ?? 0;
    dot += value * beside;
    a += value * value;
    b += beside * beside;
  }
  return a === 0 || b === 0 ? null : (1 + dot / Math.sqrt(a * b)) / 2;
}
