import type { Id } from '../../../shared/ids.ts';
import { type Connection, openInMemory } from '../../store/database.ts';
import type { Remembered } from '../hands.ts';

export interface Kept {
  readonly id: Id<'memory'>;
  readonly content: string;
  readonly category: Remembered['category'];
  readonly created: string;
  /** What it means, as the model named here sees it. */
  readonly vector: { readonly model: string; readonly values: Float32Array } | null;
}

/** How much meaning counts beside words, where both are known. */
const meaning = 0.7;

/** What one agent remembers, ready to be searched: a cache of what the record says. */
export class MemoryIndex {
  readonly #database: Connection = openInMemory();
  readonly #kept = new Map<string, Kept>();
  readonly #rows = new Map<string, number>();
  #next = 1;

  constructor() {
    this.#database.exec(
      "CREATE VIRTUAL TABLE words USING fts5(content, tokenize = 'unicode61 remove_diacritics 2')",
    );
  }

  get all(): readonly Kept[] {
    return [...this.#kept.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  put(memory: Kept): void {
    this.drop(memory.id);
    const row = this.#next++;
    this.#database.prepare('INSERT INTO words (rowid, content) VALUES (?, ?)').run(row, memory.content);
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
    category: Remembered['category'] | null,
    limit: number,
  ): Remembered[] {
    const words = this.#byWords(query);
    const found: Remembered[] = [];
    for (const memory of this.#kept.values()) {
      if (category !== null && memory.category !== category) continue;
      const said = words.get(this.#rows.get(memory.id) ?? 0) ?? 0;
      const near = nearness(vector, memory.vector);
      const score = near === null ? said : meaning * near + (1 - meaning) * said;
      if (score <= 0) continue;
      const { id, content, created } = memory;
      found.push({ id, content, category: memory.category, created, score: Math.round(score * 1000) / 1000 });
    }
    return found.toSorted((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1)).slice(0, limit);
  }

  close(): void {
    this.#database.close();
  }

  /** Any of the words, rarer ones counting for more; 0…1 beside the best of them. */
  #byWords(query: string): Map<number, number> {
    const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (words.length === 0) return new Map();
    const expression = words
      .slice(0, 64)
      .map((word) => `"${word}"`)
      .join(' OR ');
    const rows = this.#database
      .prepare(
        'SELECT rowid AS row, bm25(words) AS rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT 500',
      )
      .all(expression) as { row: number; rank: number }[];
    // Better is more negative; with few memories a rank may be all but 0, and is a find all the same.
    return new Map(rows.map(({ row, rank }) => [row, Math.max(0.05, -rank / (1 - rank))]));
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
