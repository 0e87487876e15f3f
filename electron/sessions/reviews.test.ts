import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Change, FolderChanges } from '../../shared/contract/reviewing.ts';
import { Problem } from '../../shared/problem.ts';
import type { Reviewer } from './reviewer.ts';
import { ScriptedExecutor } from './testing/scripted-executor.ts';
import {
  never,
  operator,
  someSessions,
  type SomeSessionsOptions,
  testFolder,
  wish,
} from './testing/some-sessions.ts';

const change = (path: string): Change => ({
  path,
  key: path,
  kind: 'modified',
  type: 'file',
  before: 1,
  after: 2,
  refusal: null,
});

/** Remembers changes instead of comparing folders: what is compared, and how, is proven where it is done. */
class RememberedChanges implements Reviewer {
  folders = new Map<string, string[]>();
  discarded: string[] = [];
  failing = false;

  async changes(): Promise<FolderChanges[]> {
    if (this.failing) throw new Problem('unavailable', 'It cannot be compared now.');
    return [...this.folders].map(([folder, paths]) => ({
      folder,
      way: 'overlay',
      changes: paths.map(change),
      more: 0,
    }));
  }

  async text(_kept: string, key: string) {
    return { path: key, text: '-a\n+b\n', why: null };
  }

  async apply(_kept: string, keys: readonly string[] | null) {
    return [...this.folders].map(([folder, paths]) => {
      const applied = paths.filter((path) => keys === null || keys.includes(path));
      const left = paths.filter((path) => !applied.includes(path));
      this.folders.set(folder, left);
      return { folder, paths: applied, left: left.length };
    });
  }

  copy = async () => undefined;

  async discard(kept: string) {
    this.discarded.push(kept);
  }
}

async function reviewed(reviewer: RememberedChanges, folder = testFolder()) {
  const executor = new ScriptedExecutor();
  const options: SomeSessionsOptions = { executor, folder, reviewer };
  const some = await someSessions(options);
  mkdirSync(join(folder, 'a'));
  mkdirSync(join(folder, 'b'));
  const folders = ['a', 'b'].map((name) => ({ path: join(folder, name), mode: 'review' as const }));
  const { id } = await some.sessions.start(wish({ argv: ['work'], folders }), operator);
  executor.commands[0]!.running.end({ how: 'exited', code: 0 });
  const attach = { session: id, input: false, every: false };
  for await (const told of some.sessions.attach(attach, operator, never)) {
    if (told.kind === 'ended') break;
  }
  return { ...some, id, kept: join(some.data, 'sessions', id, 'kept'), options };
}

test('changes wait for a decision through a restart, are applied in part, and the rest is thrown away', async () => {
  const reviewer = new RememberedChanges();
  const folder = testFolder();
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  reviewer.folders = new Map([
    [a, ['/a/1', '/a/2']],
    [b, ['/b/1']],
  ]);
  const first = await reviewed(reviewer, folder);
  const { id, kept } = first;
  expect(first.sessions.get(id)).toMatchObject({ state: 'reviewing', review: 'waiting' });
  expect((await first.events(id)).at(-1)?.data).toMatchObject({ changes: 3, review: 'waiting' });
  await first.close();

  const { sessions, events, record } = await someSessions(first.options);
  expect(sessions.get(id)).toMatchObject({ state: 'reviewing', review: 'waiting' });
  expect((await sessions.changes(id)).map((one) => one.folder)).toEqual([a, b]);
  expect(await sessions.change(id, '/a/1')).toMatchObject({ text: '-a\n+b\n' });
  expect(await sessions.apply(id, ['/a/2'], operator)).toMatchObject({
    applied: 1,
    left: 2,
    session: { state: 'reviewing', review: 'partly_applied' },
  });
  expect(await sessions.discard(id, operator)).toMatchObject({ state: 'ended', review: 'partly_applied' });
  expect(reviewer.discarded).toEqual([kept]);
  expect(existsSync(kept)).toBe(false);
  const told = (await events(id)).filter(({ kind }) => kind.startsWith('changes.'));
  expect(told.map(({ kind, data }) => ({ kind, data }))).toEqual([
    { kind: 'changes.chosen', data: { changes: 1 } },
    {
      kind: 'changes.applied',
      data: { folder: a, applied: ['/a/2'], count: 1, left: 2, review: 'partly_applied' },
    },
    { kind: 'changes.discarded', data: { folder: a, changes: 1, review: 'partly_applied' } },
    { kind: 'changes.discarded', data: { folder: b, changes: 1, review: 'partly_applied' } },
  ]);
  await expect(sessions.apply(id, null, operator)).rejects.toThrow('no changes that wait');
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('when all is applied nothing is kept', async () => {
  const reviewer = new RememberedChanges();
  reviewer.folders = new Map([['/a', ['/a/1']]]);
  const { sessions, id, kept } = await reviewed(reviewer);
  const done = await sessions.apply(id, null, operator);
  expect(done).toMatchObject({ applied: 1, left: 0, session: { state: 'ended', review: 'applied' } });
  expect(reviewer.discarded).toEqual([kept]);
  expect(existsSync(join(kept, '..'))).toBe(false);
});

test('a session that changed nothing waits for nothing; one that cannot be compared now waits all the same', async () => {
  const nothing = await reviewed(new RememberedChanges());
  expect(nothing.sessions.get(nothing.id)).toMatchObject({ state: 'ended', review: 'none' });
  expect(existsSync(nothing.kept)).toBe(false);

  const reviewer = new RememberedChanges();
  reviewer.failing = true;
  const { sessions, id, kept, events } = await reviewed(reviewer);
  expect(sessions.get(id)).toMatchObject({ state: 'reviewing', review: 'waiting' });
  expect((await events(id)).at(-1)?.data).toMatchObject({ changes: null });
  expect(existsSync(kept)).toBe(true);
  reviewer.failing = false;
  expect(await sessions.discard(id, operator)).toMatchObject({ state: 'ended', review: 'discarded' });
});

test('however long the paths are, that they were applied is on the record', async () => {
  const reviewer = new RememberedChanges();
  const long = (each: number) => `/a/${'\n'.repeat(3000)}${each}`;
  reviewer.folders = new Map([['/a', Array.from({ length: 1200 }, (_, each) => long(each))]]);
  const { sessions, id, events } = await reviewed(reviewer);
  expect(await sessions.apply(id, null, operator)).toMatchObject({ applied: 1200, left: 0 });
  const told = (await events(id)).find(({ kind }) => kind === 'changes.applied');
  expect(told?.data).toMatchObject({ count: 1200, left: 0 });
  expect(told?.data).toHaveProperty('applied.1', long(1));
});
