import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { folderChangesSchema } from '../../shared/contract/reviewing.ts';
import { fileSystemTime, partsOf } from './reviewing/kept-folder.ts';
import type { OpenOwnSandbox } from './own-work.ts';
import { createReviewer } from './review.ts';
import { namespaceExecutor, openNamespaceHouse } from './testing/namespace-house.ts';
import { type SandboxHouse, shell } from './testing/sandbox-house.ts';

let house: SandboxHouse;
afterEach(() => house.close());

/** What was made before and what is made from now on have different times on this file system. */
async function nextMoment(): Promise<void> {
  const before = await fileSystemTime(house.folder);
  while ((await fileSystemTime(house.folder)) === before);
}

/** A folder with these files, a session that runs the script in it, and who reviews what it did. */
async function reviewed(files: Readonly<Record<string, string>>, script: string) {
  const folder = await house.newFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await house.newFolder(join(path, '..'));
    await house.put(path, content);
  }
  await nextMoment();
  const plan = await house.plan({ folders: [{ path: folder, mode: 'review' }] });
  const prepared = await house.executor.prepare(plan, new AbortController().signal);
  const sandbox = await prepared.start();
  const { end, err } = await shell(sandbox, script);
  await sandbox.teardown();
  expect([end, err]).toEqual([{ how: 'exited', code: 0 }, '']);
  const executor = namespaceExecutor(join(house.folder, 'data'));
  onTestFinished(() => executor.close());
  const { openOwn } = executor;
  const masked = () => Promise.resolve(plan.masked);
  const reviewer = createReviewer({ openOwn, masked });
  const { kept } = plan;
  return {
    folder,
    kept,
    reviewer,
    openOwn,
    masked,
    at: (name: string) => join(folder, name),
    read: (name: string) => fs.readFileSync(join(folder, name), 'utf8'),
    /** Each change in a word or two, and what speaks against it. */
    changes: async () => {
      const [only] = await reviewer.changes(kept);
      return (only?.changes ?? [])
        .map(({ kind, type, path, refusal }) =>
          [kind, type, path.slice(folder.length + 1), ...(refusal === null ? [] : ['refused'])].join(' '),
        )
        .toSorted();
    },
    apply: (...names: string[]) =>
      reviewer.apply(kept, names.length === 0 ? null : names.map((name) => join(folder, name))),
  };
}

const files = {
  changed: 'one\ntwo\n',
  kept: 'same',
  'sub/removed': 'x',
  'sub/stays': 'y',
  'tree/deep/file': 'z',
};
const work = `echo three >>changed; cat kept >again; mv again kept; rm sub/removed; rm -r tree;
  mkdir -p new/er; echo added >new/er/file; chmod 700 new; ln -s kept link; chmod 755 sub/stays`;
const expected = [
  'added file new/er/file',
  'added folder new',
  'added folder new/er',
  'added link link',
  'mode file sub/stays',
  'modified file changed',
  'removed file sub/removed',
  'removed folder tree',
];

describe.each([
  { name: 'of an overlay', overlays: true },
  { name: 'of a copy', overlays: false },
])('the changes $name', ({ overlays }) => {
  beforeEach(async () => {
    house = await openNamespaceHouse({ overlays });
  });

  test('are those that were made, and no others', async () => {
    const { changes } = await reviewed(files, work);
    expect(await changes()).toEqual(expected);
  });

  test('are applied as a whole, and then there are none', async () => {
    const { changes, apply, read, at } = await reviewed(files, work);
    const [applied] = await apply();
    expect(applied).toMatchObject({ left: 0 });
    expect(applied?.paths.length).toBe(expected.length);
    expect(read('changed')).toBe('one\ntwo\nthree\n');
    expect(read('new/er/file')).toBe('added\n');
    expect(fs.statSync(at('new')).mode & 0o777).toBe(0o700);
    expect(fs.statSync(at('sub/stays')).mode & 0o777).toBe(0o755);
    expect(fs.readlinkSync(at('link'))).toBe('kept');
    expect(fs.readdirSync(at('sub'))).toEqual(['stays']);
    expect(fs.existsSync(at('tree'))).toBe(false);
    expect(fs.readdirSync(at('.')).toSorted()).toEqual(['changed', 'kept', 'link', 'new', 'sub']);
    expect(await changes()).toEqual([]);
  });

  test('deeper than any path are shown and left, and the others applied', async () => {
    const deep = 'd'.repeat(200);
    const { changes, apply, read, reviewer, kept } = await reviewed(
      files,
      `echo three >>changed; exec perl -e 'for (1..60) { mkdir "${deep}"; chdir "${deep}" } mkdir "\\xff"'`,
    );
    const [only] = await reviewer.changes(kept);
    expect(folderChangesSchema.parse(only).changes.length).toBe(62);
    const found = await changes();
    expect(found).toContain('modified file changed');
    const left = found.filter((change) => change.endsWith(' refused'));
    expect(left.length).toBeGreaterThan(40);
    await apply('changed');
    expect(read('changed')).toBe('one\ntwo\nthree\n');
    expect((await changes()).filter((change) => change.endsWith(' refused'))).toEqual(left);
    await expect(apply()).rejects.toMatchObject({ code: 'conflict' });
    await reviewer.discard(kept);
    expect(fs.existsSync(kept)).toBe(false);
  });

  test('in folders that are closed or too deep are shown as such and left, and the others applied', async () => {
    const { changes, apply, read, reviewer, kept } = await reviewed(
      files,
      `echo three >>changed; mkdir closed; echo x >closed/file; chmod 0 closed; mkdir half; echo x >half/file
      chmod 400 half; chmod 0 sub; exec perl -e 'for (1..950) { mkdir "deep"; chdir "deep" }'`,
    );
    const found = await changes();
    for (const change of [
      'added folder closed refused',
      'added folder half refused',
      'mode folder sub refused',
    ])
      expect(found).toContain(change);
    const deep = found.filter((change) => change.includes('deep'));
    expect(deep.length).toBe(900);
    expect(deep.filter((change) => change.endsWith(' refused')).length).toBeGreaterThan(0);
    await apply('changed');
    expect(read('changed')).toBe('one\ntwo\nthree\n');
    await expect(apply()).rejects.toMatchObject({ code: 'conflict' });
    await reviewer.discard(kept);
    expect(fs.existsSync(kept)).toBe(false);
  });

  test('are applied in part, the rest later, and thrown away', async () => {
    const { changes, apply, read, at, kept, reviewer } = await reviewed(files, work);
    expect(await apply('changed', 'new/er/file')).toMatchObject([{ left: expected.length - 2 }]);
    expect(read('changed')).toBe('one\ntwo\nthree\n');
    expect(read('new/er/file')).toBe('added\n');
    expect(fs.existsSync(at('sub/removed'))).toBe(true);
    expect(await changes()).toEqual([
      'added link link',
      'mode file sub/stays',
      'removed file sub/removed',
      'removed folder tree',
    ]);
    expect(await apply('sub/removed', 'link')).toMatchObject([{ left: 2 }]);
    await expect(apply('changed')).rejects.toMatchObject({ code: 'not_found' });
    await reviewer.discard(kept);
    expect(fs.existsSync(kept)).toBe(false);
    expect(read('tree/deep/file')).toBe('z');
  });

  test('are refused where the original changed meanwhile, and nothing of the rest is applied with them', async () => {
    const { changes, apply, at, read } = await reviewed(files, work);
    fs.appendFileSync(at('changed'), 'mine\n');
    fs.writeFileSync(at('tree/deep/other'), 'mine');
    expect((await changes()).filter((line) => line.endsWith('refused'))).toEqual([
      'modified file changed refused',
      'removed folder tree refused',
    ]);
    await expect(apply()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('changed'),
    });
    expect(fs.existsSync(at('link'))).toBe(false);
    await apply('link', 'sub/removed');
    expect(read('changed')).toBe('one\ntwo\nmine\n');
    expect(read('tree/deep/other')).toBe('mine');
  });

  test('never reach what tells git to run something', async () => {
    const { changes, apply, read } = await reviewed(
      { '.git/HEAD': 'ref: refs/heads/main\n', '.git/config': '[core]\n', 'a/b': 'x' },
      `echo new >.git/HEAD; mkdir -p a/.git/hooks; echo '#!/bin/sh' >a/.git/hooks/pre-commit;
       printf '[core]' >a/.git/config; echo 'gitdir: /elsewhere' >a/b.git; mkdir c; echo 'gitdir: /x' >c/.git`,
    );
    expect(await changes()).toEqual([
      'added file a/.git/config refused',
      'added file a/.git/hooks/pre-commit refused',
      'added file a/b.git',
      'added file c/.git refused',
      'added folder a/.git',
      'added folder a/.git/hooks refused',
      'added folder c',
      'modified file .git/HEAD',
    ]);
    await expect(apply('a/.git/config')).rejects.toMatchObject({ code: 'conflict' });
    await apply('.git/HEAD');
    expect(read('.git/HEAD')).toBe('new\n');
  });

  test('of one kind of thing into another are applied as such', async () => {
    const { changes, apply, read, at } = await reviewed(
      { file: 'x', 'folder/in': 'y', link: 'z' },
      'rm file; mkdir file; echo a >file/in; rm -r folder; echo b >folder; rm link; ln -s file/in link',
    );
    expect(await changes()).toEqual([
      'added file file/in',
      'replaced file folder',
      'replaced folder file',
      'replaced link link',
    ]);
    await expect(apply('file/in')).rejects.toMatchObject({ code: 'conflict' });
    await apply();
    expect([read('file/in'), read('folder'), fs.readlinkSync(at('link'))]).toEqual(['a\n', 'b\n', 'file/in']);
    expect(await changes()).toEqual([]);
  });

  test('of a folder that was made anew leave nothing of the former one', async () => {
    const { changes, apply, at } = await reviewed(
      { 'out/old': 'x', 'out/both': 'y', 'out/tree/deep': 'z' },
      'rm -r out; mkdir out; echo new >out/both',
    );
    expect(await changes()).toEqual([
      'modified file out/both',
      'removed file out/old',
      'removed folder out/tree',
    ]);
    await apply();
    expect(fs.readdirSync(at('out'))).toEqual(['both']);
  });

  test('by other names are told as such', async () => {
    const { changes, apply, read, at } = await reviewed(
      { old: 'content', 'in/old': 'more' },
      'mv old new; mv in/old in/new',
    );
    expect(await changes()).toEqual([
      'added file in/new',
      'added file new',
      'removed file in/old',
      'removed file old',
    ]);
    // The rest is applied although the first half has changed the folder they lie in.
    await apply('old', 'in/old');
    await apply();
    expect([read('new'), read('in/new'), fs.existsSync(at('old'))]).toEqual(['content', 'more', false]);
  });

  test('whose names are no text can be named all the same', async () => {
    const { apply, folder, kept, reviewer } = await reviewed(
      { a: 'x' },
      `echo y >"$(printf 'odd\\377name')"`,
    );
    const [only] = await reviewer.changes(kept);
    const key = only?.changes[0]?.key ?? '';
    expect(key).toMatch(/^bytes:/);
    expect(await reviewer.text(kept, key)).toMatchObject({ text: expect.stringContaining('+y') });
    await reviewer.apply(kept, [key]);
    expect(fs.readdirSync(folder, { encoding: 'buffer' }).map((name) => name.toString('latin1'))).toContain(
      'odd\u00FFname',
    );
    await expect(apply('nothing')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are shown as lines, or why not', async () => {
    const { reviewer, kept, at } = await reviewed(
      files,
      `${work}; head -c 3000 /dev/zero >binary; head -c 2000000 /dev/zero | tr '\\0' x >large`,
    );
    const { text } = await reviewer.text(kept, at('changed'));
    expect(text).toContain('@@ -1,2 +1,3 @@\n one\n two\n+three\n');
    expect((await reviewer.text(kept, at('sub/removed'))).text).toContain('-x');
    const whys = ['binary', 'large', 'link', 'new', 'sub/stays', 'tree'];
    for (const name of whys)
      expect(await reviewer.text(kept, at(name))).toMatchObject({
        text: null,
        why: expect.stringMatching(/^It/),
      });
  });

  test('what is no file, folder or link stays behind', async () => {
    const { changes, apply } = await reviewed({ a: 'x' }, 'mkfifo pipe');
    expect(await changes()).toEqual(['added other pipe refused']);
    await expect(apply()).rejects.toMatchObject({ code: 'conflict' });
  });

  test('are of the folder that was reviewed, not of another at its path', async () => {
    const { folder, reviewer, kept } = await reviewed({ a: 'x' }, 'echo y >a');
    fs.renameSync(folder, `${folder}-before`);
    fs.cpSync(`${folder}-before`, folder, { recursive: true });
    await expect(reviewer.apply(kept, null)).rejects.toMatchObject({ code: 'conflict' });
    expect(fs.readFileSync(join(folder, 'a'), 'utf8')).toBe('x');
  });
});

/** A sandbox whose file tools fail at the nth change, as if everything had stopped there. */
function stoppingAt(openOwn: OpenOwnSandbox, nth: number): OpenOwnSandbox {
  const changing = new Set<string | symbol>(['copy', 'remove', 'rename', 'makeFolder', 'link', 'setMode']);
  return async (wanted) => {
    const sandbox = await openOwn(wanted);
    let left = nth;
    const tools = new Proxy(sandbox.files, {
      get(real, name) {
        if (changing.has(name) && left-- <= 0) return () => Promise.reject(new Error('stopped here'));
        const tool: unknown = Reflect.get(real, name);
        return typeof tool === 'function' ? (tool.bind(real) as unknown) : tool;
      },
    });
    return { ...sandbox, files: tools, teardown: () => sandbox.teardown() };
  };
}

test.each([{ overlays: true }, { overlays: false }])(
  'applying that stops anywhere is finished by applying again (overlays: $overlays)',
  async ({ overlays }) => {
    house = await openNamespaceHouse({ overlays });
    const { kept, at, apply, changes, masked, openOwn } = await reviewed(
      { ...files, moved: 'm', 'swap/in': 's' },
      `${work}; mv moved elsewhere; rm -r swap; echo f >swap; chmod 700 sub; echo n >sub/new`,
    );
    let stops = 0;
    for (let nth = 0; ; nth = 1) {
      const stopping = createReviewer({ openOwn: stoppingAt(openOwn, nth), masked });
      const stopped = await stopping.apply(kept, null).then(
        () => false,
        () => true,
      );
      if (!stopped) break;
      stops += 1;
      expect((await changes()).filter((line) => line.endsWith('refused'))).toEqual([]);
      if (stops > 40) await apply();
    }
    expect(stops).toBeGreaterThan(8);
    expect(await changes()).toEqual([]);
    expect(fs.readdirSync(at('.')).toSorted()).toEqual(
      ['changed', 'elsewhere', 'kept', 'link', 'new', 'sub', 'swap'].toSorted(),
    );
    expect(fs.readFileSync(at('swap'), 'utf8')).toBe('f\n');
    expect(fs.statSync(at('sub')).mode & 0o777).toBe(0o700);
  },
);

test('a link that the sandbox left never leads the applying outside', async () => {
  house = await openNamespaceHouse();
  const outside = await house.newFolder();
  await house.put(join(outside, 'file'), 'theirs');
  const { changes, apply, kept, at } = await reviewed({ 'in/file': 'mine' }, 'echo new >in/file');
  const { upper } = partsOf(kept, { place: '0' });
  // As if the original had been swapped by somebody else: its folder is a link now.
  fs.renameSync(at('in'), at('aside'));
  fs.symlinkSync(outside, at('in'));
  expect(fs.existsSync(join(upper, 'in', 'file'))).toBe(true);
  expect(await changes().catch((thrown: unknown) => (thrown as { code: string }).code)).toSatisfy(
    (found: unknown) => found === 'forbidden' || JSON.stringify(found).includes('refused'),
  );
  await expect(apply()).rejects.toHaveProperty('code');
  expect(fs.readFileSync(join(outside, 'file'), 'utf8')).toBe('theirs');
});

test('what an overlay left untouched is not looked at, however much there is of it', async () => {
  house = await openNamespaceHouse();
  const { changes, apply, read, at } = await reviewed(
    { touched: 'x', 'closed/file': 'y' },
    'echo new >touched',
  );
  // Whoever looks into it is refused.
  fs.chmodSync(at('closed'), 0);
  expect(await changes()).toEqual(['modified file touched']);
  await apply();
  expect(read('touched')).toBe('new\n');
  fs.chmodSync(at('closed'), 0o755);
});
