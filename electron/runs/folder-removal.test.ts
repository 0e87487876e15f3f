import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSettings } from '../../shared/settings.ts';
import type { Clock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { FolderRemoval } from './folder-removal.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { operator, someRuns, whenOver, wish } from './testing/some-runs.ts';

/** Runs that are over, with a file in each of their folders, and a clock that a test sets. */
async function finishedRuns(names: readonly string[]) {
  const some = await someRuns(somePlanRoom([someRole('worker')]));
  const runs = await some.begin(new ScriptedParts());
  const plan = {
    subtasks: [{ id: 'a', role: 'worker', params: {}, depends_on: [], current_model_tier: 0 }],
    final_output: '',
  };
  const made: { id: `run_${string}`; folder: string }[] = [];
  for (const title of names) {
    const { id } = await runs.submit(wish({ title, invocation: { kind: 'plan', plan } }), operator);
    await whenOver(runs, id);
    const folder = join(some.data, 'runs', id);
    writeFileSync(join(folder, 'result'), 'a result');
    made.push({ id, folder });
  }
  let days = 0;
  const timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => new Date(Date.now() + days * 86_400_000),
    after(_, call) {
      timers.push(call);
      return () => undefined;
    },
  };
  const told: string[] = [];
  const gone = Promise.withResolvers<void>();
  const settings = { ...defaultSettings };
  const { record } = some;
  const removal = new FolderRemoval({
    record: {
      append: (draft) => record.append(draft),
      rows: (...asked) => record.rows(...asked),
      settings: () => settings,
    },
    clock,
    log: silentLog(),
    folder: join(some.data, 'runs'),
    removed(run) {
      told.push(run);
      gone.resolve();
    },
  });
  return {
    ...some,
    gone: gone.promise,
    runs,
    made,
    removal,
    told,
    settings,
    timers,
    later: (by: number) => (days += by),
  };
}

test('folders of runs go some days after their end, those that are pinned stay, and it is on the record', async () => {
  const { made, removal, told, later, runs, events } = await finishedRuns(['one', 'two']);
  const [one, two] = made;
  await runs.pin(two!.id, true, operator);
  later(6);
  await removal.remove();
  expect(existsSync(one!.folder)).toBe(true);
  later(2);
  await removal.remove();
  expect([existsSync(one!.folder), existsSync(two!.folder)]).toEqual([false, true]);
  expect(told).toEqual([one!.id]);
  const removed = (await events(one!.id)).find(({ kind }) => kind === 'run.folder_removed');
  expect(removed?.data).toEqual({ path: one!.folder, bytes: 8, files: 1 });
  await runs.pin(two!.id, false, operator);
  await removal.remove();
  await removal.remove();
  expect(existsSync(two!.folder)).toBe(false);
  expect(told).toEqual([one!.id, two!.id]);
});

test('no link is gone along, and with no days nothing goes', async () => {
  const { data, folder, made, removal, later, settings } = await finishedRuns(['one', 'two']);
  const [one, two] = made;
  const precious = join(folder, 'precious');
  mkdirSync(precious);
  writeFileSync(join(precious, 'file'), 'precious');
  symlinkSync(precious, join(one!.folder, 'way'));
  rmSync(two!.folder, { recursive: true });
  symlinkSync(precious, two!.folder);
  later(30);
  settings['runs.keepDays'] = 0;
  await removal.remove();
  expect(existsSync(one!.folder)).toBe(true);
  settings['runs.keepDays'] = 1;
  await removal.remove();
  expect([existsSync(one!.folder), existsSync(two!.folder)]).toEqual([false, false]);
  expect(readFileSync(join(precious, 'file'), 'utf8')).toBe('precious');
  expect(existsSync(join(data, 'runs'))).toBe(true);
});

test('it is looked again every hour until it is closed', async () => {
  const { made, removal, later, timers, gone } = await finishedRuns(['one']);
  await removal.begin();
  expect(existsSync(made[0]!.folder)).toBe(true);
  later(8);
  timers[0]!();
  await gone;
  expect(existsSync(made[0]!.folder)).toBe(false);
  await removal.close();
  timers.at(-1)!();
  expect(timers.length).toBe(2);
});
