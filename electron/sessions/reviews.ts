import type { FolderChanges } from '../../shared/contract/sessions.ts';
import type { Draft } from '../../shared/events/catalogue.ts';
import type { Actor } from '../../shared/events/event.ts';
import { Problem } from '../../shared/problem.ts';
import type { Session } from '../../shared/session.ts';
import { SessionFolder } from './session-folder.ts';
import type { SessionParts } from './session-parts.ts';

/** How many paths an event names, and in how many letters; the number is always whole. */
const namedPaths = 1000;
const namedLetters = 200_000;

/** What sessions left for a person to decide: shown, applied, thrown away. One decision of a session at a time. */
export class Reviews {
  readonly #parts: SessionParts;
  readonly #deciding = new Set<string>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  changes(session: Session): Promise<FolderChanges[]> {
    return this.#parts.reviewer.changes(this.#waiting(session).kept);
  }

  text(session: Session, key: string) {
    return this.#parts.reviewer.text(this.#waiting(session).kept, key);
  }

  /** What the person applied is on the record when this resolves. */
  apply(
    session: Session,
    keys: readonly string[] | null,
    by: Actor,
  ): Promise<{ applied: number; left: number }> {
    return this.#alone(session, async (folder) => {
      await this.#parts.record.append({
        kind: 'changes.chosen',
        actor: by,
        scope: { session: session.id },
        data: { changes: keys === null ? null : keys.length },
      });
      const folders = await this.#parts.reviewer.apply(folder.kept, keys);
      const left = folders.reduce((sum, one) => sum + one.left, 0);
      const applied = folders.reduce((sum, one) => sum + one.paths.length, 0);
      const review = left > 0 ? 'partly_applied' : 'applied';
      const touched = folders.filter(({ paths }) => paths.length > 0);
      // Where nothing is left and nothing was there, the decision is on the record all the same.
      const told =
        left > 0 || touched.length > 0
          ? touched
          : underReview(session).map((path) => ({ folder: path, paths: [] }));
      const drafts = told.map(({ folder: path, paths }): Draft => {
        const data = {
          folder: path,
          applied: named(paths),
          count: paths.length,
          left,
          review,
        } as const;
        return { kind: 'changes.applied', actor: by, scope: { session: session.id }, data };
      });
      if (drafts.length > 0) await this.#parts.record.appendAll(drafts);
      if (left === 0) await this.#remove(folder);
      return { applied, left };
    });
  }

  discard(session: Session, by: Actor): Promise<void> {
    return this.#alone(session, async (folder) => {
      const counts = await this.#counts(folder);
      const review = session.review === 'partly_applied' ? 'partly_applied' : 'discarded';
      const drafts = underReview(session).map((path): Draft => {
        const data = { folder: path, changes: counts && (counts.get(path) ?? 0), review } as const;
        return { kind: 'changes.discarded', actor: by, scope: { session: session.id }, data };
      });
      await this.#parts.record.appendAll(drafts);
      await this.#remove(folder);
    });
  }

  /** How many changes each folder has; null where they cannot be compared: they can be thrown away all the same. */
  async #counts(folder: SessionFolder): Promise<Map<string, number> | null> {
    try {
      const found = await this.#parts.reviewer.changes(folder.kept);
      return new Map(found.map(({ folder: path, changes, more }) => [path, changes.length + more]));
    } catch (failure) {
      this.#parts.log.warn({ err: failure, kept: folder.kept }, 'changes were thrown away uncounted');
      return null;
    }
  }

  async #remove(folder: SessionFolder): Promise<void> {
    await this.#parts.reviewer.discard(folder.kept);
    await folder.remove(this.#parts.log);
  }

  async #alone<Result>(
    session: Session,
    decide: (folder: SessionFolder) => Promise<Result>,
  ): Promise<Result> {
    const folder = this.#waiting(session);
    if (this.#deciding.has(session.id)) {
      throw new Problem('conflict', 'The changes of this session are being decided on already.');
    }
    this.#deciding.add(session.id);
    try {
      return await decide(folder);
    } finally {
      this.#deciding.delete(session.id);
    }
  }

  #waiting({ id, state }: Session): SessionFolder {
    if (state === 'reviewing') return new SessionFolder(this.#parts.data, id);
    const why = state === 'ended' ? 'It has no changes that wait.' : 'It has not ended yet.';
    throw new Problem(
      'conflict',
      why,
      'Changes are shown when a session with a folder under review has ended.',
    );
  }
}

/** As many of the paths as an event has room for. */
function named(paths: readonly string[]): string[] {
  let left = namedLetters;
  const beyond = paths.findIndex((path) => (left -= JSON.stringify(path).length + 1) < 0);
  return paths.slice(0, Math.min(namedPaths, beyond < 0 ? namedPaths : beyond));
}

function underReview({ folders }: Session): string[] {
  return folders.filter(({ mode }) => mode === 'review').map(({ path }) => path);
}
