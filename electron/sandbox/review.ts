import type { Change, FolderChanges } from '../../shared/contract/reviewing.ts';
import { Problem } from '../../shared/problem.ts';
import { removeTree } from '../base/remove-tree.ts';
import { readAppliedWork } from './reviewing/applied-work.ts';
import { Application, removeAside } from './reviewing/apply-changes.ts';
import type { ComparedFolder } from './reviewing/compared-folder.ts';
import { copyVersion } from './reviewing/copy-version.ts';
import { differenceOf } from './reviewing/difference.ts';
import { changesIn, type FoundChange } from './reviewing/found-change.ts';
import { partsOf, readKept } from './reviewing/kept-folder.ts';
import { openKept, type ReviewNeeds } from './reviewing/open-kept.ts';
import { keyOf, pathOfKey } from './reviewing/path-key.ts';

export type { ReviewNeeds } from './reviewing/open-kept.ts';

const mostListed = 10_000;
const mostChanges = 200_000;

/** What became of the changes of one folder. */
export interface AppliedFolder {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly left: number;
}

async function allChanges(folder: ComparedFolder): Promise<FoundChange[]> {
  const changes: FoundChange[] = [];
  for await (const change of changesIn(folder)) {
    if (changes.push(change) > mostChanges)
      throw new Problem(
        'too_large',
        `More than ${mostChanges} paths changed in ${folder.kept.path}.`,
        'Discard the changes, and give the session a smaller folder.',
      );
  }
  return changes;
}

/** Whether an applying that was cut off left something in an original that it meant to remove. */
async function hasAside(kept: string): Promise<boolean> {
  const folders = await readKept(kept).catch(() => []);
  const works = await Promise.all(folders.map((folder) => readAppliedWork(partsOf(kept, folder).own)));
  return works.some(({ begun }) => (begun?.aside.length ?? 0) > 0);
}

const whole = (folder: ComparedFolder, change: FoundChange): Buffer => folder.original(change.path);

function told(folder: ComparedFolder, change: FoundChange): Change {
  const path = whole(folder, change);
  const { kind, type, before, after, refusal } = change;
  const size = (facts: FoundChange['before']): number | null => facts?.size ?? null;
  return {
    path: path.toString().slice(0, 8192),
    // Longer ones cannot be applied, so nobody has to name them.
    key: keyOf(path).slice(0, 16_384),
    kind,
    type,
    before: size(before),
    after: size(after),
    refusal,
  };
}

/** The changes that are meant, by folder; every key must be one. */
function chosenBy(
  keys: readonly string[],
  found: ReadonlyMap<ComparedFolder, readonly FoundChange[]>,
): Map<ComparedFolder, FoundChange[]> {
  const wanted = new Set(keys.map((key) => keyOf(pathOfKey(key))));
  const chosen = new Map<ComparedFolder, FoundChange[]>();
  for (const [folder, changes] of found) {
    const mine = changes.filter((change) => wanted.delete(keyOf(whole(folder, change))));
    chosen.set(folder, mine);
  }
  const [unknown] = wanted;
  if (unknown === undefined) return chosen;
  throw new Problem(
    'not_found',
    `“${unknown.slice(0, 500)}” has no change that waits.`,
    'List the changes again.',
  );
}

/**
 * Shows and applies what a session changed in folders under review. All of it happens in a sandbox without a network:
 * no program of the host looks at a tree that an agent wrote.
 */
export function createReviewer(needs: ReviewNeeds) {
  async function withKept<Result>(
    kept: string,
    mode: 'ro' | 'rw',
    work: (folders: ComparedFolder[]) => Promise<Result>,
  ): Promise<Result> {
    const { folders, close } = await openKept(kept, mode, needs);
    try {
      return await work(folders);
    } finally {
      await close();
    }
  }

  const foundIn = async (folders: readonly ComparedFolder[]): Promise<Map<ComparedFolder, FoundChange[]>> => {
    const found = new Map<ComparedFolder, FoundChange[]>();
    for (const folder of folders) found.set(folder, await allChanges(folder));
    return found;
  };

  return {
    changes: (kept: string): Promise<FolderChanges[]> =>
      withKept(kept, 'ro', async (folders) =>
        [...(await foundIn(folders))].map(([folder, changes]) => ({
          folder: folder.kept.path,
          way: folder.kept.way,
          changes: changes.slice(0, mostListed).map((change) => told(folder, change)),
          more: Math.max(0, changes.length - mostListed),
        })),
      ),

    text: (kept: string, key: string): Promise<{ path: string; text: string | null; why: string | null }> =>
      withKept(kept, 'ro', async (folders) => {
        const chosen = chosenBy([key], await foundIn(folders));
        for (const [folder, [change]] of chosen) {
          if (change === undefined) continue;
          return { path: told(folder, change).path, ...(await differenceOf(folder, change)) };
        }
        throw new Problem('not_found', 'There is no such change.');
      }),

    apply: (kept: string, keys: readonly string[] | null): Promise<AppliedFolder[]> =>
      withKept(kept, 'rw', async (folders) => {
        const found = await foundIn(folders);
        const chosen = keys === null ? found : chosenBy(keys, found);
        const applications = [...chosen].map(([folder, changes]) => ({
          folder,
          left: (found.get(folder)?.length ?? 0) - changes.length,
          application: new Application(folder, changes),
        }));
        for (const { application } of applications) await application.check();
        const applied: AppliedFolder[] = [];
        for (const { folder, left, application } of applications) {
          const paths = await application.run(partsOf(kept, folder.kept).own);
          applied.push({
            folder: folder.kept.path,
            paths: paths.map((path) => folder.original(path).toString()),
            left,
          });
        }
        return applied;
      }),

    /** The same changes once more, for somebody else to go on with; whole, or not at all. */
    copy: (kept: string, to: string, signal: AbortSignal): Promise<void> =>
      copyVersion(kept, to, needs, signal),

    async discard(kept: string): Promise<void> {
      if (await hasAside(kept)) {
        await withKept(kept, 'rw', async (folders) => {
          for (const folder of folders) await removeAside(folder);
        });
      }
      await removeTree(kept);
    },
  };
}
