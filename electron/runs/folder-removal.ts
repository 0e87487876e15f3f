import { lstat, opendir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Id } from '../../shared/ids.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { removeTree } from '../base/remove-tree.ts';
import { RunVersion } from '../sessions/run-version.ts';
import { removableRuns } from './run-rows.ts';

const day = 86_400_000;
const hour = 3_600_000;
const usualDays = 7;
/** In one go: the others wait for the next. */
const mostAtOnce = 200;
const mostCounted = 1_000_000;

export interface RemovalNeeds {
  readonly record: Pick<AuditRecord, 'append' | 'rows' | 'settings'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the folders of runs lie. */
  readonly folder: string;
  readonly removed: (run: Id<'run'>) => void;
}

/** Removes the folders of runs some days after their end, once an hour; those that are pinned stay. */
export class FolderRemoval {
  readonly #needs: RemovalNeeds;
  #forget: () => void = () => undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(needs: RemovalNeeds) {
    this.#needs = needs;
  }

  /** Now and every hour; resolves when it is done for the first time. */
  begin(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#working = this.remove().catch((failure: unknown) => {
      this.#needs.log.warn({ err: failure }, 'folders of runs could not be removed');
    });
    this.#forget = this.#needs.clock.after(hour, () => void this.begin());
    return this.#working;
  }

  /** Those whose time is over now. */
  async remove(): Promise<void> {
    const { record, clock } = this.#needs;
    const there = await lstat(this.#needs.folder).catch(() => null);
    // Where somebody put a link in its place, nothing is removed through it.
    if (!there?.isDirectory()) return;
    const days = record.settings()['runs.keepDays'] ?? usualDays;
    if (days === 0) return;
    const before = new Date(clock.now().getTime() - days * day).toISOString();
    for (const { id } of record.rows(removableRuns, before, '', mostAtOnce)) {
      if (this.#closed) return;
      await this.#one(String(id) as Id<'run'>, before);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#forget();
    await this.#working;
  }

  async #one(run: Id<'run'>, before: string): Promise<void> {
    const { record, folder, log, removed } = this.#needs;
    // Whoever pins it while others are being removed keeps it.
    if (record.rows(removableRuns, before, run, 1)[0]?.['id'] !== run) return;
    // By its id alone, whatever is written of it elsewhere.
    const path = join(folder, run);
    try {
      const there = await lstat(path).catch(() => null);
      const size = there?.isDirectory() ? await sizeOf(path) : { bytes: 0, files: 0 };
      await removeTree(path);
      // Nothing of it waits: a life that ended while it was removed may have left some of it.
      await new RunVersion(dirname(folder), run).remove(log);
      const scope = { run };
      await record.append({
        kind: 'run.folder_removed',
        actor: { kind: 'system' },
        scope,
        data: { path, ...size },
      });
      removed(run);
    } catch (failure) {
      log.warn({ err: failure, path }, 'the folder of a run could not be removed');
    }
  }
}

/** What lies in a folder, as far as it can be looked at; no link is gone along. */
async function sizeOf(folder: string): Promise<{ bytes: number; files: number }> {
  let bytes = 0;
  let files = 0;
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined && files < mostCounted; at = folders.pop()) {
    const entries = await opendir(at).catch(() => null);
    if (!entries) continue;
    for await (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else {
        files++;
        bytes += (await lstat(path).catch(() => null))?.size ?? 0;
      }
    }
  }
  return { bytes, files };
}
