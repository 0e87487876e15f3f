import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../../shared/contract/record.ts';
import { writePrivateFile } from '../../base/private-files.ts';

export const keptName = 'checkpoint';
const asideName = 'checkpoint.mismatch-';

/**
 * The newest checkpoint, kept outside the database: what a shortened or rewritten database no longer
 * fits. One that does not fit is evidence, so it is set aside and never written over.
 */
export class KeptCheckpoint {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(): string | null {
    const path = join(this.#folder, keptName);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }

  /** Everything kept, for verification to compare with. */
  all(): { name: string; note: string }[] {
    return readdirSync(this.#folder)
      .filter((name) => name === keptName || name.startsWith(asideName))
      .toSorted()
      .map((name) => ({ name, note: readFileSync(join(this.#folder, name), 'utf8') }));
  }

  misfits(): string[] {
    return readdirSync(this.#folder).filter((name) => name.startsWith(asideName));
  }

  setAside(now: Date): void {
    const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
    renameSync(join(this.#folder, keptName), join(this.#folder, `${asideName}${stamp}`));
  }

  async keep(checkpoint: Checkpoint): Promise<void> {
    await writePrivateFile(join(this.#folder, keptName), checkpoint.note);
  }
}
