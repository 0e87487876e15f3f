import { join } from 'node:path';
import type { Id } from '../../shared/ids.ts';
import type { Log } from '../base/log.ts';
import { removeTree } from '../base/remove-tree.ts';

/**
 * Where a run keeps its one version of its folders under review, for all of its parts and whatever they start: from
 * the first of them that writes there until a person has decided.
 */
export class RunVersion {
  readonly path: string;
  readonly kept: string;

  constructor(data: string, run: Id<'run'>) {
    this.path = join(data, 'reviews', run);
    this.kept = join(this.path, 'kept');
  }

  async remove(log: Log): Promise<void> {
    try {
      await removeTree(this.path);
    } catch (failure) {
      log.warn({ err: failure, path: this.path }, 'what a run had under review could not be removed');
    }
  }
}
