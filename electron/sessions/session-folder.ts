import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../../shared/ids.ts';
import type { Log } from '../base/log.ts';
import { removeTree } from '../base/remove-tree.ts';

/** What a session keeps below the data folder: its transcript while it runs, what a review kept until it is decided. */
export class SessionFolder {
  readonly path: string;
  readonly transcript: string;
  readonly kept: string;
  /** What ends with its sandbox. */
  readonly scratch: string;

  constructor(data: string, session: Id<'session'>) {
    this.path = join(data, 'sessions', session);
    this.transcript = join(this.path, 'transcript.cast');
    this.kept = join(this.path, 'kept');
    this.scratch = join(data, 'sandboxes', session);
  }

  async make(underReview: boolean): Promise<void> {
    await mkdir(underReview ? this.kept : this.path, { recursive: true, mode: 0o700 });
  }

  async remove(log: Log): Promise<void> {
    try {
      await removeTree(this.path);
    } catch (failure) {
      log.warn({ err: failure, path: this.path }, 'the folder of a session could not be removed');
    }
  }
}
