import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { fileSystemTime } from './reviewing/kept-folder.ts';
import { createReviewer } from './review.ts';
import { namespaceExecutor, openNamespaceHouse } from './testing/namespace-house.ts';
import { type SandboxHouse, shell } from './testing/sandbox-house.ts';

const live = new AbortController().signal;
let house: SandboxHouse;
afterEach(() => house.close());

async function nextMoment(): Promise<void> {
  const before = await fileSystemTime(house.folder);
  while ((await fileSystemTime(house.folder)) === before);
}

/** A folder, one version of it that sandboxes work on in turn, and who reviews what they did. */
async function shared() {
  const folder = await house.newFolder();
  for (const name of ['a', 'b', 'c/a', 'c/b']) {
    await house.newFolder(join(folder, name, '..'));
    await house.put(join(folder, name), `${name} as it was\n`);
  }
  await nextMoment();
  const { kept, masked } = await house.plan();
  const executor = namespaceExecutor(join(house.folder, 'data'));
  onTestFinished(() => executor.close());
  const reviewer = createReviewer({ openOwn: executor.openOwn, masked: () => Promise.resolve(masked) });
  const work = async (script: string, at = kept) => {
    const sandbox = await house.start({ kept: at, folders: [{ path: folder, mode: 'review' }] });
    const { out } = await shell(sandbox, `cd ${folder}; ${script}`);
    await sandbox.teardown();
    return out;
  };
  const told = async (at: string) =>
    (await reviewer.changes(at)).map(({ changes }) =>
      changes.map(({ path, kind, refusal }) => [path, kind, refusal]),
    );
  return { folder, kept, reviewer, work, told };
}

/** Everything in the folder that it stands in, with what is in it and who may do what with it. */
const seen = `find . -mindepth 1 -printf '%P %y %m %l\\n' | sort; find . -type f | sort | xargs -r cat`;

describe.each([{ overlays: true }, { overlays: false }])('with overlays: $overlays', ({ overlays }) => {
  beforeEach(async () => {
    house = await openNamespaceHouse({ overlays });
  });

  const name = fc.constantFrom('a', 'b', 'c', 'c/a', 'c/b', 'd', 'd/e', 'f');
  const other = fc.constantFrom('a', 'c', 'g', 'd/h');
  const step = fc.oneof(
    fc
      .tuple(name, fc.string({ maxLength: 5 }))
      .map(([to, text]) => `echo ${Buffer.from(text).toString('hex')} >${to}`),
    name.map((path) => `rm -rf ${path}`),
    name.map((path) => `mkdir ${path}`),
    fc.tuple(name, other).map(([from, to]) => `mv ${from} ${to}`),
    fc.tuple(name, other).map(([from, to]) => `ln -s ${from} ${to}`),
    fc
      .tuple(name, fc.constantFrom('700', '755'))
      .map(([path, mode]) => `test -L ${path} || chmod ${mode} ${path}`),
  );

  test('what one wrote the next one sees, and applying all of it writes exactly what the last one saw, also of a copy', async () => {
    const scripts = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(scripts, fc.boolean(), async (steps, copied) => {
        const { folder, kept, reviewer, work, told } = await shared();
        let before = '';
        for (const [nth, script] of steps.entries()) {
          const out = await work(
            `(${seen}) 2>&1; echo ====; (${script.join('; ')}) >/dev/null 2>&1; ${seen}`,
          );
          const [first = '', last = ''] = out.split('====\n');
          if (nth > 0) expect(first).toBe(before);
          before = last;
        }
        let from = kept;
        if (copied) {
          from = join(kept, '..', 'again', 'kept');
          await reviewer.copy(kept, from, live);
          expect(await told(from)).toEqual(await told(kept));
          expect(await work(seen, from)).toBe(before);
        }
        await reviewer.apply(from, null);
        await reviewer.discard(from);
        const plain = await house.start({ folders: [{ path: folder, mode: 'ro' }] });
        const { out } = await shell(plain, `cd ${folder}; ${seen}`);
        await plain.teardown();
        expect(out).toBe(before);
      }),
      { numRuns: count(2, 60) },
    );
  });

  test('a copy is gone on with by itself, and what it was made from stays as it was', async () => {
    const { folder, kept, reviewer, work, told } = await shared();
    await work('echo one >a; rm b; rm -r c; mkdir c; ln -s a c/new');
    const again = join(kept, '..', 'again', 'kept');
    await reviewer.copy(kept, again, live);
    const before = await told(kept);
    expect(await told(again)).toEqual(before);
    expect(await work('cat a; ls c; echo two >a; rm -r c', again)).toBe('one\nnew\n');
    expect(await told(kept)).toEqual(before);
    await reviewer.discard(kept);
    await reviewer.apply(again, null);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('two\n');
    expect(await readdir(folder)).toEqual(['a']);
  });
});

test('a copy is whole or it is not there', async () => {
  house = await openNamespaceHouse();
  const { kept, reviewer, work } = await shared();
  await work('echo one >a; echo closed >new; chmod 000 new');
  const again = join(kept, '..', 'again', 'kept');
  await expect(reviewer.copy(kept, again, live)).rejects.toMatchObject({ code: 'storage_failed' });
  expect(await readdir(join(again, '..'))).toEqual([]);
});
