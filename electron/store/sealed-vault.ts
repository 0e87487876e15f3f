import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import { writePrivateFile } from '../base/private-files.ts';
import type { SecretBox, Vault } from './vault.ts';

const entrySchema = z.strictObject({
  box: z.enum(['file', 'system']),
  sealed: z.string(),
  changed: z.iso.datetime(),
});
const fileSchema = z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/** Names of Holdfast's own secrets begin with a dot; people neither see nor change them. */
const isOwn = (name: string) => name.startsWith('.');

/** Shorter values would be found inside ordinary words, so they could not be kept off the record. */
export const shortestSecret = 6;

/**
 * Secrets in one 0600 file, each sealed by a box. They are opened once and held in memory, because
 * every event has to be searched for them.
 */
export class SealedVault implements Vault {
  readonly kept: string;
  readonly warning: string | null;
  readonly #path: string;
  readonly #box: SecretBox;
  readonly #clock: Clock;
  readonly #entries: Map<string, Entry>;
  readonly #plain: Map<string, string>;
  #values: readonly string[];
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(
    path: string,
    box: SecretBox,
    clock: Clock,
    entries: Map<string, Entry>,
    plain: Map<string, string>,
  ) {
    this.#path = path;
    this.#box = box;
    this.#clock = clock;
    this.#entries = entries;
    this.#plain = plain;
    this.#values = [...plain.values()];
    this.kept = box.kept;
    this.warning = box.warning;
  }

  /** Opens every secret; those sealed by another box are opened with `also` and sealed anew by this one. */
  static async open(
    path: string,
    box: SecretBox,
    clock: Clock,
    also: readonly SecretBox[] = [],
  ): Promise<SealedVault> {
    const entries = await readEntries(path);
    const plain = new Map<string, string>();
    let moved = false;
    for (const [name, entry] of entries) {
      const opener = [box, ...also].find((candidate) => candidate.id === entry.box);
      if (!opener) throw wrongBox(entry.box);
      const value = await openEntry(opener, name, entry);
      plain.set(name, value);
      if (opener !== box) {
        entries.set(name, { ...entry, box: box.id, sealed: await box.seal(value) });
        moved = true;
      }
    }
    const vault = new SealedVault(path, box, clock, entries, plain);
    if (moved) await vault.#write();
    return vault;
  }

  list(): readonly { name: string; changed: string }[] {
    return [...this.#entries]
      .filter(([name]) => !isOwn(name))
      .map(([name, { changed }]) => ({ name, changed }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }

  get(name: string): string | undefined {
    return this.#plain.get(name);
  }

  set(name: string, value: string): Promise<void> {
    return this.#inTurn(() => this.#set(name, value));
  }

  remove(name: string): Promise<boolean> {
    return this.#inTurn(() => this.#remove(name));
  }

  /** One change after the other: one that fails takes back itself and nothing else. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #set(name: string, value: string): Promise<void> {
    if (value.length < shortestSecret) {
      throw new Problem(
        'invalid_input',
        `A secret of fewer than ${shortestSecret} characters cannot be kept off the record: it would be found inside ordinary words.`,
        'Use a longer one.',
      );
    }
    const entry = {
      box: this.#box.id,
      sealed: await this.#box.seal(value),
      changed: this.#clock.now().toISOString(),
    };
    await this.#change(() => {
      this.#entries.set(name, entry);
      this.#plain.set(name, value);
    });
  }

  async #remove(name: string): Promise<boolean> {
    if (!this.#entries.has(name)) return false;
    await this.#change(() => {
      this.#entries.delete(name);
      this.#plain.delete(name);
    });
    return true;
  }

  values(): readonly string[] {
    return this.#values;
  }

  /** The new value is known for redaction before the file has it, and a file that cannot be written changes nothing. */
  async #change(apply: () => void): Promise<void> {
    const entries = new Map(this.#entries);
    const plain = new Map(this.#plain);
    apply();
    this.#values = [...new Set([...plain.values(), ...this.#plain.values()])];
    try {
      await this.#write();
    } catch (thrown) {
      restore(this.#entries, entries);
      restore(this.#plain, plain);
      throw new Problem(
        'storage_failed',
        'The secret could not be stored.',
        'Check the room on the disk and the rights of the data folder.',
        { cause: thrown },
      );
    } finally {
      this.#values = [...this.#plain.values()];
    }
  }

  #write(): Promise<void> {
    const secrets = Object.fromEntries(this.#entries);
    return writePrivateFile(this.#path, `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`);
  }
}

function restore<Value>(map: Map<string, Value>, before: ReadonlyMap<string, Value>): void {
  map.clear();
  for (const [name, value] of before) map.set(name, value);
}

async function readEntries(path: string): Promise<Map<string, Entry>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new Problem(
      'storage_failed',
      `The secrets in ${path} cannot be read.`,
      'Check the rights of the data folder.',
      { cause: thrown },
    );
  }
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).secrets));
  } catch (thrown) {
    throw new Problem(
      'storage_failed',
      `The secrets in ${path} are damaged.`,
      'Move the file away to begin without secrets; a new signing key is then made.',
      { cause: thrown },
    );
  }
}

async function openEntry(box: SecretBox, name: string, entry: Entry): Promise<string> {
  try {
    return await box.open(entry.sealed);
  } catch (thrown) {
    throw new Problem(
      'unavailable',
      `The secret “${name}” cannot be opened: it was sealed with another key (${box.kept}).`,
      'Use the account and machine that stored it, or move secrets.json away to begin without secrets.',
      { cause: thrown },
    );
  }
}

function wrongBox(box: SecretBox['id']): Problem {
  return box === 'system'
    ? new Problem(
        'unavailable',
        'The secrets of this data folder are kept by the desktop app in the system’s key ring, which a daemon cannot open.',
        'Start the desktop app, or start it once with --secrets file to move them into an encrypted file.',
      )
    : new Problem(
        'unavailable',
        'The secrets of this data folder are kept in an encrypted file whose key is missing.',
      );
}
