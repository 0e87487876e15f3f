import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor, Scope } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Note } from '../hands.ts';
import { InOrder } from '../in-order.ts';
import { contentOf, everyWording, wordsAt } from '../kept-words.ts';

const noteKey = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** A person may write longer ones than an agent may. */
const mostBytes = 65_536;
const mostNamed = 20;
const mostAgents = 64;

/** Who writes, and for which agent. */
export interface NoteWriter {
  readonly agent: string;
  readonly actor: Actor;
  readonly scope: Scope;
  readonly quota: { readonly mostCount: number; readonly mostBytes: number } | null;
}

type NoteRecord = Pick<AuditRecord, 'append' | 'appendAll' | 'rows' | 'query' | 'erase'>;

interface NoteRow {
  readonly key: string;
  readonly words: number;
  readonly pinned: boolean;
  readonly changed: string;
}

/** Notes of each agent: short texts under keys, on the record, at hand in every session of that agent. */
export class Notes {
  readonly #record: NoteRecord;
  readonly #order = new InOrder();
  /** What notes say, by the event that says it: derived again where it is not here. */
  readonly #contents = new Map<string, Map<number, string>>();

  constructor(record: NoteRecord) {
    this.#record = record;
  }

  async list(agent: string): Promise<Note[]> {
    return Promise.all(this.#rows(agent).map((row) => this.#note(agent, row)));
  }

  /** How many each agent has that has any. */
  agents(): { agent: string; count: number }[] {
    const rows = this.#record.rows(
      'SELECT agent, count(*) AS count FROM notes GROUP BY agent ORDER BY agent',
    );
    return rows.map(({ agent, count }) => ({ agent: String(agent), count: Number(count) }));
  }

  async get(agent: string, key: string): Promise<Note> {
    return this.#note(agent, this.#known(agent, key));
  }

  save(by: NoteWriter, key: string, content: string, pin: boolean | null): Promise<Note> {
    return this.#order.do(by.agent, async () => {
      const rows = this.#rows(by.agent);
      const before = rows.find((row) => row.key === key);
      refuseUnfit(by, key, content, before ? 0 : rows.length);
      const pinned = pin ?? before?.pinned ?? false;
      const { actor, scope } = by;
      const bytes = Buffer.byteLength(content);
      const drafts: Draft[] = [
        { kind: 'note.worded', actor, scope, data: { key, content } },
        { kind: 'note.saved', actor, scope, data: { key, bytes, pinned } },
      ];
      const [worded, saved] = await this.#record.appendAll(drafts);
      const said = contentOf(worded!) ?? '';
      this.#keep(by.agent, worded!.seq, said);
      return { key, content: said, pinned, changed: saved!.time };
    });
  }

  pin({ agent, actor, scope }: NoteWriter, key: string, pinned: boolean): Promise<Note> {
    return this.#order.do(agent, async () => {
      const row = this.#known(agent, key);
      if (row.pinned !== pinned) {
        await this.#record.append({ kind: 'note.pinned', actor, scope, data: { key, pinned } });
      }
      return this.#note(agent, { ...row, pinned });
    });
  }

  /** It is no longer at hand; what it said stays on the record. */
  remove({ agent, actor, scope }: NoteWriter, key: string): Promise<void> {
    return this.#order.do(agent, async () => {
      this.#known(agent, key);
      await this.#record.append({ kind: 'note.removed', actor, scope, data: { key } });
    });
  }

  /** Takes what it says, and ever said, out of the record as well; also of one that was removed before. */
  erase({ agent, actor, scope }: NoteWriter, key: string): Promise<void> {
    return this.#order.do(agent, async () => {
      let erased = 0;
      for await (const event of everyWording(this.#record, 'note.worded', agent)) {
        if ((event.data as { key?: unknown } | undefined)?.key !== key) continue;
        await this.#record.erase(event.seq, `the note ${key} was erased`, actor);
        this.#contents.get(agent)?.delete(event.seq);
        erased++;
      }
      if (erased === 0) this.#known(agent, key);
      await this.#record.append({ kind: 'note.removed', actor, scope, data: { key } });
    });
  }

  async #note(agent: string, { key, words, pinned, changed }: NoteRow): Promise<Note> {
    const known = this.#contents.get(agent)?.get(words);
    if (known !== undefined) return { key, content: known, pinned, changed };
    const event = await wordsAt(this.#record, 'note.worded', words);
    const content = (event && contentOf(event)) ?? '(what it said was erased)';
    this.#keep(agent, words, content);
    return { key, content, pinned, changed };
  }

  #keep(agent: string, seq: number, content: string): void {
    const kept = this.#contents.get(agent) ?? new Map<number, string>();
    const now = new Set(this.#rows(agent).map(({ words }) => words));
    for (const old of kept.keys()) if (!now.has(old)) kept.delete(old);
    kept.set(seq, content);
    this.#contents.delete(agent);
    this.#contents.set(agent, kept);
    for (const oldest of this.#contents.keys()) {
      if (this.#contents.size <= mostAgents) break;
      this.#contents.delete(oldest);
    }
  }

  #known(agent: string, key: string): NoteRow {
    const rows = this.#rows(agent);
    const row = rows.find((each) => each.key === key);
    if (row) return row;
    const keys = rows.slice(0, mostNamed).map((each) => each.key);
    throw new Problem(
      'not_found',
      `There is no note “${key.slice(0, 64)}”.`,
      keys.length > 0
        ? `There ${keys.length === 1 ? 'is' : 'are'} ${keys.join(', ')}${rows.length > keys.length ? ' and more' : ''}.`
        : 'There is none at all.',
    );
  }

  #rows(agent: string): NoteRow[] {
    return this.#record
      .rows('SELECT key, words, pinned, changed FROM notes WHERE agent = ? ORDER BY key', agent)
      .map(({ key, words, pinned, changed }) => ({
        key: String(key),
        words: Number(words),
        pinned: pinned === 1,
        changed: String(changed),
      }));
  }
}

function refuseUnfit({ quota }: NoteWriter, key: string, content: string, others: number): void {
  if (!noteKey.test(key)) {
    throw new Problem(
      'invalid_input',
      `“${key.slice(0, 80)}” is no key of a note.`,
      'Use small letters, digits, dashes and underscores, at most 64.',
    );
  }
  const bytes = Buffer.byteLength(content);
  const most = quota?.mostBytes ?? mostBytes;
  if (bytes > most) {
    throw new Problem(
      'too_large',
      `The note has ${bytes.toLocaleString('en')} bytes; ${most.toLocaleString('en')} is the most.`,
      'Shorten it, or split it into several.',
    );
  }
  if (quota && others >= quota.mostCount) {
    throw new Problem(
      'too_many',
      `This agent may keep ${quota.mostCount} notes, and has ${others}.`,
      'Delete one that is no longer needed, or add to one that is there.',
    );
  }
}
