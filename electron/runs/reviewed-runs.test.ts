import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Change, FolderChanges } from '../../shared/contract/reviewing.ts';
import type { Plan } from '../../shared/plan.ts';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { Reviewer } from '../sessions/reviewer.ts';
import { RunVersion } from '../sessions/run-version.ts';
import type { SubtaskOrder } from '../sessions/subtask-sessions.ts';
import { FolderRemoval } from './folder-removal.ts';
import { ScriptedParts } from './testing/scripted-parts.ts';
import { part, somePlanRoom, someRole } from './testing/some-plan-room.ts';
import { operator, someRuns, testFolder, whenOver, whenRun, wish } from './testing/some-runs.ts';

/** Files below what is kept stand for changes: what is compared, and how, is proven where it is done. */
class CountingReviewer implements Reviewer {
  folder = '';
  copies = true;

  changes = async (kept: string): Promise<FolderChanges[]> => [
    {
      folder: this.folder,
      way: 'overlay',
      changes: this.#names(kept).map((name) => this.#change(name)),
      more: 0,
    },
  ];

  text = async (_kept: string, key: string) => ({ path: key, text: '-a\n+b\n', why: null });

  apply = async (kept: string, keys: readonly string[] | null) => {
    const paths = this.#names(kept).filter((name) => keys === null || keys.includes(name));
    return [{ folder: this.folder, paths, left: this.#names(kept).length - paths.length }];
  };

  copy = async (kept: string, to: string) => {
    if (!this.copies) throw new Problem('storage_failed', 'It cannot be copied.');
    mkdirSync(to, { recursive: true });
    for (const name of this.#names(kept)) writeFileSync(join(to, name), '');
  };

  discard = async () => undefined;

  #names = (kept: string) => readdirSync(kept).toSorted();

  #change = (name: string): Change => ({
    path: join(this.folder, name),
    key: name,
    kind: 'added',
    type: 'file',
    before: null,
    after: 1,
    refusal: null,
  });
}

const worker = someRole('worker', { retry: { attempts: 1, on: ['any'] } });

/** Runs on one folder under review, whose parts each leave a change of their name there. */
async function reviewed(
  parts: Plan['subtasks'],
  script: (order: SubtaskOrder) => 'fails' | 'works' = () => 'works',
) {
  const reviewer = new CountingReviewer();
  const folder = testFolder();
  reviewer.folder = folder;
  const some = await someRuns(somePlanRoom([worker]), { reviewer });
  const sessions = new ScriptedParts((order) => {
    const { kept } = new RunVersion(some.data, order.run);
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, order.name), '');
    return script(order) === 'works'
      ? {}
      : { outcome: { label: 'work_failed', reason: 'Not yet.' }, retry: null };
  });
  const runs = await some.begin(sessions);
  const subtasks = parts.map(({ params, ...rest }) => ({
    ...rest,
    params: { reviews: [folder], ...params },
  }));
  const { id } = await runs.submit(
    wish({
      invocation: { kind: 'plan', plan: { subtasks, final_output: '' } },
      ceiling: { folders: [{ path: folder, mode: 'review' }] },
    }),
    operator,
  );
  return { ...some, reviewer, folder, sessions, runs, id };
}

test('what the parts of a run changed waits as one, through a restart, and its folder stays until all of it is decided', async () => {
  const { runs, id, data, begin, sessions, record, events, folder } = await reviewed([
    part('a'),
    part('b', ['a']),
  ]);
  const over = await whenOver(runs, id);
  expect(over).toMatchObject({ review: 'waiting', reviewing: true, outcome: { label: 'success' } });
  await runs.close();
  const next = await begin(sessions);
  const leaving = new AbortController();
  for await (const run of next.watch(leaving.signal)) {
    expect(run).toMatchObject({ id, reviewing: true });
    leaving.abort();
  }
  const later: Clock = {
    now: () => new Date(Date.now() + 30 * 86_400_000),
    after: () => () => undefined,
  };
  const removal = new FolderRemoval({
    record,
    clock: later,
    log: silentLog(),
    folder: dirname(over.folder!),
    removed: () => undefined,
  });
  await removal.remove();
  expect(existsSync(over.folder!)).toBe(true);

  expect(
    (await next.changes(id.slice(0, -2))).flatMap(({ changes }) => changes.map(({ key }) => key)),
  ).toEqual(['a', 'b']);
  expect(await next.change(id, 'a')).toMatchObject({ text: '-a\n+b\n' });
  expect(await next.apply(id, ['a'], operator)).toMatchObject({
    applied: 1,
    left: 1,
    run: { review: 'partly_applied', reviewing: true },
  });
  expect(await next.discard(id, operator)).toMatchObject({ review: 'partly_applied', reviewing: false });
  expect(readdirSync(join(data, 'reviews'))).toEqual([]);
  await expect(next.apply(id, null, operator)).rejects.toThrow('no changes that wait');
  const told = (await events(id)).filter(({ kind }) => kind.startsWith('changes.'));
  expect(told.map(({ kind, data: said, scope }) => ({ kind, said, scope }))).toEqual([
    { kind: 'changes.chosen', said: { changes: 1 }, scope: { run: id } },
    {
      kind: 'changes.applied',
      said: { folder, applied: ['a'], count: 1, left: 1, review: 'partly_applied' },
      scope: { run: id },
    },
    { kind: 'changes.discarded', said: { folder, changes: 2, review: 'partly_applied' }, scope: { run: id } },
  ]);
  await removal.remove();
  expect(existsSync(over.folder!)).toBe(false);
  await removal.close();
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('one that is not over cannot be decided on; one that is stopped waits all the same, and where nothing changed nothing waits', async () => {
  const { runs, id, data, reviewer, begin, folder } = await reviewed([part('a')]);
  await whenOver(runs, id);
  const waiting = new ScriptedParts(() => 'waits');
  const others = await begin(waiting);
  const submit = () =>
    others.submit(
      wish({
        invocation: {
          kind: 'plan',
          plan: { subtasks: [part('a', [], { params: { reviews: [folder] } })], final_output: '' },
        },
        ceiling: { folders: [{ path: folder, mode: 'review' }] },
      }),
      operator,
    );
  const running = await submit();
  await whenRun(others, running.id, ({ counts }) => counts.running === 1);
  await expect(others.apply(running.id, null, operator)).rejects.toThrow('not over yet');
  const { kept } = new RunVersion(data, running.id);
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, 'half'), '');
  expect(await others.stop(running.id, operator)).toMatchObject({
    reviewing: true,
    outcome: { label: 'cancelled' },
  });
  const idle = await submit();
  await whenRun(others, idle.id, ({ counts }) => counts.running === 1);
  mkdirSync(new RunVersion(data, idle.id).kept, { recursive: true });
  expect(await others.stop(idle.id, operator)).toMatchObject({ review: 'none', reviewing: false });
  expect(existsSync(new RunVersion(data, idle.id).path)).toBe(false);
  // Nobody can tell: they wait.
  const unknown = await submit();
  await whenRun(others, unknown.id, ({ counts }) => counts.running === 1);
  mkdirSync(new RunVersion(data, unknown.id).kept, { recursive: true });
  reviewer.changes = () => Promise.reject(new Problem('unavailable', 'Not now.'));
  expect(await others.stop(unknown.id, operator)).toMatchObject({ review: 'waiting', reviewing: true });
});

test('whoever keeps results keeps what they changed: as a copy where nobody has decided, and done again where it is not to be had', async () => {
  const chain = [part('a'), part('b', ['a']), part('c', ['b'])];
  const { runs, id, reviewer, sessions, events } = await reviewed(chain, ({ name }) =>
    name === 'c' ? 'fails' : 'works',
  );
  await whenOver(runs, id);
  const again = async (from: string) => {
    const before = sessions.begun.length;
    const run = await whenOver(runs, (await runs.fork(from, ['c'], {}, operator)).id);
    const produced = (await events(run.id)).find(({ kind }) => kind === 'plan.produced');
    return { run, begun: sessions.begun.slice(before), said: produced?.data };
  };
  const copied = await again(id);
  expect(copied).toMatchObject({
    begun: ['c'],
    said: { kept: ['a', 'b'], carried: id },
    run: { reviewing: true },
  });
  expect((await runs.changes(copied.run.id))[0]?.changes.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(await runs.get(id)).toMatchObject({ reviewing: true });

  reviewer.copies = false;
  expect(await again(id)).toMatchObject({ begun: ['a', 'b', 'c'], said: { lost: ['a', 'b'] } });
  reviewer.copies = true;
  // Also where it is being decided on right then.
  const { apply } = reviewer;
  const agreed = Promise.withResolvers<void>();
  reviewer.apply = async (...how) => {
    await agreed.promise;
    return apply(...how);
  };
  const applied = runs.apply(copied.run.id, null, operator);
  const after = again(copied.run.id);
  agreed.resolve();
  await applied;
  expect(await after).toMatchObject({ begun: ['c'], said: { kept: ['a', 'b'] } });
  await runs.discard(id, operator);
  expect(await again(id)).toMatchObject({ begun: ['a', 'b', 'c'], said: { lost: ['a', 'b'] } });
});

test('parts that write to one version take turns, whatever they declare; those that read it run side by side', async () => {
  const reads = (id: string, folder: string) =>
    part(id, ['a', 'b'], { params: { reads: [folder] }, shares_folders: true });
  const folder = testFolder();
  const { begin } = await someRuns(somePlanRoom([worker]));
  const sessions = new ScriptedParts(() => 'waits');
  const runs = await begin(sessions);
  const writes = (id: string) => part(id, [], { params: { reviews: [folder] }, shares_folders: true });
  const plan = {
    subtasks: [writes('a'), writes('b'), reads('c', folder), reads('d', folder)],
    final_output: '',
  };
  const { id } = await runs.submit(
    wish({ invocation: { kind: 'plan', plan }, ceiling: { folders: [{ path: folder, mode: 'review' }] } }),
    operator,
  );
  for (const name of ['a', 'b']) {
    await whenRun(runs, id, ({ counts }) => counts.running === 1 && sessions.open.has(name));
    expect([...sessions.open.keys()]).toEqual([name]);
    expect(sessions.open.get(name)?.order.reviewed).toEqual([folder]);
    sessions.open.get(name)!.end();
  }
  await whenRun(runs, id, ({ counts }) => counts.running === 2);
  expect([...sessions.open.keys()].toSorted()).toEqual(['c', 'd']);
  for (const name of ['c', 'd']) sessions.open.get(name)!.end();
  expect((await whenOver(runs, id)).outcome?.label).toBe('success');
});
