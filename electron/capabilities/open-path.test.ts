import fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { matcherOf } from './matching.ts';
import { createPathOpener, type OpenPath } from './open-path.ts';
import { canOpenByDescriptor } from './opening/by-descriptor.ts';
import { bytesOf } from './real-path.ts';
import { identities, identity, smallTree } from './testing/small-tree.ts';

const ways = canOpenByDescriptor() ? (['descriptor', 'comparison'] as const) : (['comparison'] as const);

/** Names that differ only for people, or only for machines. */
const names = ['a', 'A', 'b', 'é', 'e\u0301', 'granted', ' ', 'file (deleted)', '...', 'x\ny', '\u202Efed'];
const name = fc.constantFrom(...names);
const step = fc.oneof(
  name,
  fc.constantFrom('.', '..', '', 'link0', 'link1', 'link2', 'missing', 'file', 'hard'),
);
const steps = fc.array(step, { maxLength: 8 });
const start = fc.constantFrom('granted', 'granted-not', 'granted/a/b', '', 'granted/link0', 'granted/link1');
const target = fc.tuple(fc.constantFrom('/', '', '../', '../../', 'file', './'), start, steps);

function settle(root: string, kind: string, at: string, to: string): void {
  try {
    if (kind === 'folder') fs.mkdirSync(at, { recursive: true });
    if (kind === 'file') fs.writeFileSync(at, 'something');
    if (kind === 'link') fs.symlinkSync(to, at);
    if (kind === 'hard') fs.linkSync(join(root, 'granted-not/file'), at);
  } catch (thrown) {
    // Trees are random: some places are taken, lead in circles or do not exist.
    expect((thrown as NodeJS.ErrnoException).code).toMatch(/^(EEXIST|ENOENT|ENOTDIR|ELOOP|EISDIR)$/);
  }
}

describe.each(ways)('by %s', (way) => {
  const open = createPathOpener(way);

  test('whatever tree and whatever is asked for: what is accepted lies inside, and what is opened is it', () => {
    let accepted = 0;
    const kinds = fc.constantFrom('folder', 'file', 'link', 'link', 'hard');
    const entry = fc.tuple(kinds, start, name, target);
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 8 }),
        fc.array(fc.tuple(start, steps), { minLength: 1, maxLength: 8 }),
        (entries, asked) => {
          const { root, granted } = smallTree();
          entries.forEach(([kind, at, called, [lead, base, rest]], i) => {
            const to = lead === '/' ? join(root, base, ...rest) : `${lead}${[base, ...rest].join('/')}`;
            settle(root, kind, join(root, at, kind === 'link' ? `link${i % 3}` : called), to || '.');
          });
          const permits = matcherOf({ kind: 'file_read', path: `${granted}/*` });
          const inside = new Set(identities(granted));
          for (const [base, rest] of asked) {
            let opened: OpenPath;
            try {
              opened = open([root, base, ...rest].join('/'));
            } catch (thrown) {
              expect(thrown).toMatchObject({ name: 'Problem', code: 'forbidden' });
              continue;
            }
            const opens = identity(fs.fstatSync(opened.fd, { bigint: true }));
            opened.close();
            if (!permits({ kind: 'file_read', path: opened.path })) continue;
            accepted++;
            const above = opened.path.toString() === granted && opened.missing.length > 0;
            expect([above, inside.has(opens)]).toEqual([false, true]);
            expect(opened.missing.some((one) => ['.', '..', ''].includes(one.toString()))).toBe(false);
          }
          fs.rmSync(root, { recursive: true });
        },
      ),
      { numRuns: count(150, 20_000) },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test('links are followed to where they lead, whatever they are called', () => {
    const { root, granted, secret } = smallTree();
    fs.symlinkSync(secret, join(granted, 'out'));
    fs.symlinkSync(granted, join(secret, 'in'));
    const real = (path: string) => {
      const opened = open(path);
      opened.close();
      return opened.path.toString();
    };
    expect(real(`${granted}/out/b/file`)).toBe(`${secret}/b/file`);
    expect(real(`${secret}/in/a/b/file`)).toBe(`${granted}/a/b/file`);
    expect(real(`${granted}/out/new/file`)).toBe(`${secret}/new/file`);
    expect(real(`${granted}//a/./b/../b/file/`)).toBe(`${granted}/a/b/file`);
    expect(real(`${granted}/out/../a`)).toBe(`${granted}/a`);
    expect(real(`${granted}/../../../../../../../..`)).toBe('/');
    expect(real(`${root}/granted-not`)).toBe(secret);
  });

  test('what does not exist yet is the nearest folder that does, and the names below it', () => {
    const { granted } = smallTree();
    const opened = open(`${granted}/a/new/../newer/é/file`);
    expect(opened.path.toString()).toBe(`${granted}/a/newer/é/file`);
    expect(opened.missing.map(String)).toEqual(['newer', 'é', 'file']);
    expect(fs.fstatSync(opened.fd).ino).toBe(fs.statSync(`${granted}/a`).ino);
    opened.close();
  });

  test.each([
    ['a link that leads nowhere', 'nowhere', 'leads nowhere'],
    ['a file below a link that leads nowhere', 'nowhere/file', 'leads nowhere'],
    ['links in a circle', 'circle', 'in a circle'],
    ['a file that is used as a folder', 'a/b/file/x', 'used as a folder'],
    ['a name longer than any', 'x'.repeat(300), 'too long'],
  ])('%s is refused', (_what, below, why) => {
    const { granted } = smallTree();
    fs.symlinkSync('/nowhere/at/all', join(granted, 'nowhere'));
    fs.symlinkSync('circle', join(granted, 'circle'));
    expect(() => open(`${granted}/${below}`)).toThrow(why);
  });

  test('names are bytes: case, composition and what is no UTF-8 stay as the file system has them', () => {
    const { granted } = smallTree();
    const broken = Buffer.concat([Buffer.from(`${granted}/`), Buffer.from([0xff, 0xfe])]);
    fs.mkdirSync(broken);
    fs.mkdirSync(`${granted}/\uFFFD\uFFFD`);
    const opened = open(broken);
    opened.close();
    expect(opened.path.bytes).toBe(`${bytesOf(granted)}/\u00FF\u00FE`);
    const permits = matcherOf({ kind: 'file_read', path: `${granted}/\uFFFD\uFFFD/*` });
    expect(permits({ kind: 'file_read', path: opened.path })).toBe(false);
    for (const asked of ['relative', '', `${granted}/zero\0byte`])
      expect(() => open(asked)).toThrow(/whole path|zero byte/);
  });

  test('a file with further names says so', () => {
    const { granted, secret } = smallTree();
    fs.linkSync(`${secret}/file`, `${granted}/hard`);
    const namesOf = (path: string, countNames: boolean) => {
      const opened = open(path, { countNames });
      opened.close();
      return opened.path.names;
    };
    const counted = [`${granted}/hard`, granted, `${granted}/new`].map((path) => namesOf(path, true));
    expect([...counted, namesOf(`${granted}/hard`, false)]).toEqual([2, 1, 1, null]);
  });

  test('nothing stays open, neither when it is accepted nor when it is refused', () => {
    const { granted } = smallTree();
    fs.symlinkSync('/nowhere/at/all', join(granted, 'nowhere'));
    const before = fs.readdirSync('/dev/fd').length;
    for (let i = 0; i < 50; i++) {
      open(`${granted}/a/missing`).close();
      expect(() => open(`${granted}/nowhere`)).toThrow('leads nowhere');
    }
    expect(fs.readdirSync('/dev/fd').length).toBe(before);
  });
});

test.skipIf(!canOpenByDescriptor())('what was deleted, or is no file at all, has no real path', () => {
  const { granted } = smallTree();
  const open = createPathOpener('descriptor');
  const fd = fs.openSync(`${granted}/a/b/file`, 'r');
  const there = open(`/proc/self/fd/${fd}`);
  expect(there.path.toString()).toBe(`${granted}/a/b/file`);
  there.close();
  fs.renameSync(`${granted}/a/b/file`, `${granted}/gone`);
  fs.rmSync(`${granted}/gone`);
  expect(() => open(`/proc/self/fd/${fd}`)).toThrow('is refused');
  fs.writeFileSync(`${granted}/gone (deleted)`, 'another');
  const other = open(`/proc/self/fd/${fd}`);
  expect(fs.fstatSync(other.fd).ino).toBe(fs.statSync(`${granted}/gone (deleted)`).ino);
  other.close();
  fs.closeSync(fd);
});
