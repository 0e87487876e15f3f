import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { closeFolders, type OpenFolder, openFolders } from '../preparing/granted-folders.ts';
import { SessionFolder } from '../session-folder.ts';
import type { SessionParts } from '../session-parts.ts';
import type { WorkParts } from '../work-parts.ts';
import { applyBranch, applyPatch, checkBranch, checkPatch } from './apply-work.ts';
import { patchText, readChanges } from './kept-work.ts';
import { keptWork } from './work-life.ts';

const mostListed = 10_000;

export interface Target {
  readonly folder: OpenFolder;
  readonly branch: string | null;
}

/** What command agents changed, until a person decides: shown, applied, let go. One decision of a session at a time. */
export class KeptWork {
  readonly #parts: WorkParts;
  readonly #deciding = new Set<string>();

  constructor(parts: WorkParts) {
    this.#parts = parts;
  }

  async changes({ id }: { id: Id<'session'> }) {
    const { commits, files } = await readChanges(keptWork(this.#parts.data, id));
    return {
      commits: [...commits],
      files: files.slice(0, mostListed).map((file) => ({ ...file, from: null })),
      more: Math.max(0, files.length - mostListed),
    };
  }

  difference({ id }: { id: Id<'session'> }, path: string | null) {
    return patchText(keptWork(this.#parts.data, id), path);
  }

  /** What it chose is on the record before anything is touched, and what was done when this resolves. */
  apply(
    id: Id<'session'>,
    { folder, branch }: Target,
    by: Actor,
  ): Promise<{ files: number; commit: string | null }> {
    return this.#alone(id, async () => {
      const { openOwn, ownPlaces, data, record } = this.#parts;
      const kept = keptWork(data, id);
      const { files, last } = await readChanges(kept);
      const { path } = folder;
      const wish = {
        session: id,
        folder: { path, mode: 'rw' as const, fd: folder.opened.fd },
        kept,
        masked: await ownPlaces(),
      };
      const said = { actor: by, scope: { session: id } };
      const to = branch === null ? ('folder' as const) : ('branch' as const);
      const onto = branch === null ? null : { ...wish, branch, last };
      await (onto ? checkBranch(openOwn, onto) : checkPatch(openOwn, wish));
      await record.append({ kind: 'work.chosen', ...said, data: { to, folder: path, branch } });
      await (onto ? applyBranch(openOwn, onto) : applyPatch(openOwn, wish));
      const commit = onto ? last : null;
      const count = files.length;
      const applied = { to, folder: path, branch, files: count, commit };
      await record.append({ kind: 'work.applied', ...said, data: applied });
      await new SessionFolder(data, id).remove(this.#parts.log);
      return { files: count, commit };
    });
  }

  discard(id: Id<'session'>, reason: string, by: Actor): Promise<void> {
    return this.#alone(id, async () => {
      const draft: Draft = { kind: 'work.discarded', actor: by, scope: { session: id }, data: { reason } };
      await this.#parts.record.append(draft);
      await new SessionFolder(this.#parts.data, id).remove(this.#parts.log);
    });
  }

  isDeciding(session: string): boolean {
    return this.#deciding.has(session);
  }

  async #alone<Result>(id: string, decide: () => Promise<Result>): Promise<Result> {
    if (this.#deciding.has(id)) {
      throw new Problem('conflict', 'What this session changed is being decided on already.');
    }
    this.#deciding.add(id);
    try {
      return await decide();
    } finally {
      this.#deciding.delete(id);
    }
  }
}

/** The folder that changes are applied to; whoever calls closes it. */
export async function decisionFolder(
  { open, ownPlaces }: Pick<SessionParts, 'open' | 'ownPlaces'>,
  path: string,
): Promise<OpenFolder> {
  const opened = openFolders(open, [{ path, mode: 'rw' }], await ownPlaces());
  const [folder] = opened;
  if (folder) return folder;
  closeFolders(opened);
  throw new Problem('not_found', `There is no folder ${path}.`);
}
