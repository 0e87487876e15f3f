import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** One process for each profile folder, as Chromium has it: later ones leave a word for the first. */
export class SingleInstance {
  readonly #folder: string;

  constructor(profile: string) {
    this.#folder = join(profile, 'single-instance');
  }

  /** True where this is the first; then `came` is called for each later one. False after leaving word. */
  take(word: unknown, came: (word: unknown) => void): boolean {
    mkdirSync(this.#folder, { recursive: true });
    const holder = join(this.#folder, 'holder');
    if (existsSync(holder) && lives(Number(readFileSync(holder, 'utf8')))) {
      const name = join(this.#folder, randomUUID());
      writeFileSync(name, JSON.stringify(word ?? null));
      renameSync(name, `${name}.word`);
      return false;
    }
    writeFileSync(holder, String(process.pid));
    watch(this.#folder, () => this.#read(came)).unref();
    return true;
  }

  #read(came: (word: unknown) => void): void {
    for (const name of readdirSync(this.#folder).filter((each) => each.endsWith('.word'))) {
      const file = join(this.#folder, name);
      const word: unknown = JSON.parse(readFileSync(file, 'utf8'));
      rmSync(file);
      came(word);
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
