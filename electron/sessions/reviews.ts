import type { FolderChanges } from '../../shared/contract/reviewing.ts';
import type { Draft } from '../../shared/events/catalogue.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Session } from '../../shared/session.ts';
import { SessionFolder } from './session-folder.ts';
import type { SessionParts } from './session-parts.ts';

/** What somebody left for a person to decide. */
export interface Reviewed {
  readonly scope: { readonly session: Session['id'] } | { readonly run: Id<'run'> };
  readonly review: Session['review'];
  /** The folders under review. */
  readonly folders: readonly string[];
  readonly kept: string;
  /** Whether something waits for a decision; else why not, in words. */
  readonly waits: true | string;
  /** What is left of it when all is decided. */
  remove(): Promise<void>;
}

export type ReviewParts = Pick<SessionParts, 'record' | 'log' | 'reviewer'>;

/** How many paths an event names, and in how many letters; the number is always whole. */
const namedPaths = 1000;
const namedLetters = 200_000;

/** What sessions and runs left for a person to decide: shown, applied, thrown away. One decision at a time of each. */
export class Reviews {
  readonly #parts: ReviewParts;
  readonly #deciding = new Map<string, Promise<unknown>>();

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  changes(reviewed: Reviewed): Promise<FolderChanges[]> {
    return this.#parts.reviewer.changes(waiting(reviewed).kept);
  }

  text(reviewed: Reviewed, key: string) {
    return this.#parts.reviewer.text(waiting(reviewed).kept, key);
  }

  /** What the person applied is on the record when this resolves. */
  apply(
    reviewed: Reviewed,
    keys: readonly string[] | null,
    by: Actor,
  ): Promise<{ applied: number; left: number }> {
    const { scope } = reviewed;
    return this.#alone(reviewed, async () => {
      await this.#parts.record.append({
        kind: 'changes.chosen',
        actor: by,
        scope,
        data: { changes: keys === null ? null : keys.length },
      });
      const folders = await this.#parts.reviewer.apply(reviewed.kept, keys);
      const left = folders.reduce((sum, one) => sum + one.left, 0);
      const applied = folders.reduce((sum, one) => sum + one.paths.length, 0);
      const review = left > 0 ? 'partly_applied' : 'applied';
      const touched = folders.filter(({ paths }) => paths.length > 0);
      // Where nothing is left and nothing was there, the decision is on the record all the same.
      const told =
        left > 0 || touched.length > 0
          ? touched
          : reviewed.folders.map((path) => ({ folder: path, paths: [] }));
      const drafts = told.map(({ folder: path, paths }): Draft => {
        const data = {
          folder: path,
          applied: named(paths),
          count: paths.length,
          left,
          review,
        } as const;
        return { kind: 'changes.applied', actor: by, scope, data };
      });
      if (drafts.length > 0) await this.#parts.record.appendAll(drafts);
      if (left === 0) await this.#remove(reviewed);
      return { applied, left };
    });
  }

  discard(reviewed: Reviewed, by: Actor): Promise<void> {
    const { scope } = reviewed;
    return this.#alone(reviewed, async () => {
      const counts = await this.#counts(reviewed);
      const review = reviewed.review === 'partly_applied' ? 'partly_applied' : 'discarded';
      const drafts = reviewed.folders.map((path): Draft => {
        const data = { folder: path, changes: counts && (counts.get(path) ?? 0), review } as const;
        return { kind: 'changes.discarded', actor: by, scope, data };
      });
      await this.#parts.record.appendAll(drafts);
      await this.#remove(reviewed);
    });
  }

  /** Resolves when nobody is deciding about it right now. */
  async settled(kept: string): Promise<void> {
    await this.#deciding.get(kept)?.catch(() => undefined);
  }

  /** For somebody who goes on with it at another place; what waits here waits on. */
  async copy(reviewed: Reviewed, to: string, signal: AbortSignal): Promise<void> {
    await this.#alone(reviewed, () => this.#parts.reviewer.copy(reviewed.kept, to, signal));
  }

  /** How many changes wait; null where nobody can tell now. */
  async count(kept: string): Promise<number | null> {
    const counts = await this.#counts({ kept });
    return counts && [...counts.values()].reduce((sum, changes) => sum + changes, 0);
  }

  /** How many changes each folder has; null where they cannot be compared: they can be thrown away all the same. */
  async #counts({ kept }: Pick<Reviewed, 'kept'>): Promise<Map<string, number> | null> {
    try {
      const found = await this.#parts.reviewer.changes(kept);
      return new Map(found.map(({ folder: path, changes, more }) => [path, changes.length + more]));
    } catch (failure) {
      this.#parts.log.warn({ err: failure, kept }, 'changes could not be counted');
      return null;
    }
  }

  async #remove(reviewed: Reviewed): Promise<void> {
    await this.#parts.reviewer.discard(reviewed.kept);
    await reviewed.remove();
  }

  async #alone<Result>(reviewed: Reviewed, decide: () => Promise<Result>): Promise<Result> {
    const { kept } = waiting(reviewed);
    if (this.#deciding.has(kept)) {
      throw new Problem(
        'conflict',
        'These changes are being decided on already.',
        'Wait for that, and look again.',
      );
    }
    const deciding = decide();
    this.#deciding.set(kept, deciding);
    try {
      return await deciding;
    } finally {
      this.#deciding.delete(kept);
    }
  }
}

function waiting(reviewed: Reviewed): Reviewed {
  if (reviewed.waits === true) return reviewed;
  throw new Problem(
    'conflict',
    reviewed.waits,
    'Changes are shown when what had a folder under review has ended.',
  );
}

/** A session as what it left to be decided. */
export function reviewedSession(parts: Pick<SessionParts, 'data' | 'log'>, session: Session): Reviewed {
  const { id, state, review, folders } = session;
  const folder = new SessionFolder(parts.data, id);
  const why = state === 'ended' ? 'It has no changes that wait.' : 'It has not ended yet.';
  return {
    scope: { session: id },
    review,
    folders: folders.filter(({ mode }) => mode === 'review').map(({ path }) => path),
    kept: folder.kept,
    waits: state === 'reviewing' || why,
    remove: () => folder.remove(parts.log),
  };
}

/** As many of the paths as an event has room for. */
function named(paths: readonly string[]): string[] {
  let left = namedLetters;
  const beyond = paths.findIndex((path) => (left -= JSON.stringify(path).length + 1) < 0);
  return paths.slice(0, Math.min(namedPaths, beyond < 0 ? namedPaths : beyond));
}
