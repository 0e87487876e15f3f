import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { type Run, runWishSchema } from '../../../shared/run.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { openRecord } from '../../audit/open-record.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import type { Reviewer } from '../../sessions/reviewer.ts';
import { Reviews } from '../../sessions/reviews.ts';
import type { SubtaskSessions } from '../../sessions/subtask-sessions.ts';
import { openVault } from '../../store/open-vault.ts';
import { createPathOpener } from '../../capabilities/open-path.ts';
import { RunFolders } from '../run-folder.ts';
import type { PlanRoom } from '../run-parts.ts';
import { ReviewedRuns } from '../reviewed-runs.ts';
import { Runs } from '../runs.ts';

export const operator = { kind: 'operator' } as const;

const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

export function testFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-runs-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real record with runs over it, whose lives a test begins and ends. */
const refuse = () => Promise.reject(new Problem('unavailable', 'Nothing is reviewed here.'));
const noReviewer: Reviewer = {
  changes: refuse,
  text: refuse,
  apply: refuse,
  copy: refuse,
  discard: refuse,
};

export async function someRuns(planning: PlanRoom, options: { clock?: Clock; reviewer?: Reviewer } = {}) {
  const { clock = systemClock, reviewer = noReviewer } = options;
  const folder = testFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  const vault = await openVault({ folder: data, clock: systemClock });
  const log = silentLog();
  const record = await openRecord({ folder: data, vault, clock: systemClock, log, version: 'test', threads });
  const lives: Runs[] = [];
  onTestFinished(async () => {
    for (const runs of lives) await runs.close();
    await record.close();
  });
  const begin = async (sessions: SubtaskSessions, over: AuditRecord = record) => {
    const runs = await Runs.open({
      record: over,
      clock,
      log,
      planning: () => Promise.resolve(planning),
      sessions: () => Promise.resolve(sessions),
      files: new RunFolders({ data, open: createPathOpener(), account: () => Promise.resolve(null) }),
      reviews: new ReviewedRuns({
        data,
        log,
        reviews: () => Promise.resolve(new Reviews({ record: over, log, reviewer })),
      }),
    });
    lives.push(runs);
    return runs;
  };
  /** What is on the record of a run, oldest first. */
  const events = async (run: string) => {
    const { events: found } = await record.query({ filter: { run }, limit: 500 });
    return found.toReversed();
  };
  return { folder, data, record, begin, events };
}

export const wish = (wanted: z.input<typeof runWishSchema>) => runWishSchema.parse(wanted);

/** Resolves with the run as soon as it is as it should be. */
export async function whenRun(runs: Runs, id: string, is: (run: Run) => boolean): Promise<Run> {
  const leaving = new AbortController();
  for await (const news of runs.follow(id, leaving.signal)) {
    if (news.kind === 'run' && is(news.run)) {
      leaving.abort();
      return news.run;
    }
  }
  throw new Error('it ended before');
}

export const whenOver = (runs: Runs, id: string) => whenRun(runs, id, ({ state }) => state === 'finished');
