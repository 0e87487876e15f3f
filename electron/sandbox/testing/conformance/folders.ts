import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ran, shell } from '../sandbox-house.ts';
import { ownFolderTests } from './own-folders.ts';
import { repositoryTests } from './repositories.ts';
import type { Subject } from './subject.ts';

export function folderTests(subject: Subject): void {
  describe('folders', () => {
    modeTests(subject);
    reviewTests(subject);
    maskTests(subject);
    repositoryTests(subject);
    ownFolderTests(subject);
    rightsTests(subject);
  });
}

function modeTests({ house }: Subject): void {
  test('one folder is only read, another written, one within the other has its own mode', async () => {
    const outer = await house().newFolder();
    const inner = join(outer, 'inner');
    const deep = join(inner, 'deep');
    await house().newFolder(deep);
    await house().put(join(outer, 'there'), 'there');
    const sandbox = await house().start({
      folders: [
        { path: deep, mode: 'ro' },
        { path: outer, mode: 'ro' },
        { path: inner, mode: 'rw' },
      ],
    });
    const tries = [outer, inner, deep].map((path) => `touch ${path}/new 2>/dev/null && echo ${path}`);
    expect((await shell(sandbox, `cat ${outer}/there; ${tries.join('; ')}; true`)).out).toBe(
      `there${inner}\n`,
    );
    expect((await stat(join(inner, 'new'))).uid).toBe(house().uid);
  });

  test('what was not granted is not there', async () => {
    const granted = await house().newFolder();
    const other = await house().newFolder();
    await house().put(join(other, 'secret'), 'secret');
    const sandbox = await house().start({ folders: [{ path: granted, mode: 'rw' }] });
    const { out } = await shell(
      sandbox,
      `ln -s ${other}/secret ${granted}/way; cat ${granted}/way ${other}/secret ${granted}/../*/secret 2>/dev/null; ls /root /home /var/lib 2>/dev/null | grep -v sandbox; test -e ${other} && echo there; true`,
    );
    expect(out.replaceAll(/^\/.*:\n|\n\n/gm, '').trim()).toBe('');
  });

  test('the system itself is not written', async () => {
    const sandbox = await house().plain();
    const { out } = await shell(
      sandbox,
      'for f in / /usr /usr/bin /etc /proc/sys/kernel /sys /var /bin; do touch $f/x 2>/dev/null && echo $f; done; true',
    );
    expect(out).toBe('');
  });
}

function reviewTests({ house }: Subject): void {
  test('a folder under review keeps its changes aside', async () => {
    const folder = await house().newFolder();
    await house().put(join(folder, 'file'), 'before');
    await house().put(join(folder, 'gone'), 'gone');
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'review' }] });
    const { out } = await shell(
      sandbox,
      `cd ${folder} && printf after >file && rm gone && mkdir new && touch new/one && cat file && ls`,
    );
    expect(out).toBe('afterfile\nnew\n');
    await sandbox.teardown();
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('before');
    expect(await readFile(join(folder, 'gone'), 'utf8')).toBe('gone');
    await expect(stat(join(folder, 'new'))).rejects.toThrow(/ENOENT/);
  });

  test('one that is only read is seen as others have changed it, by several at once, and as it is where nobody did', async () => {
    const folder = await house().newFolder();
    await house().put(join(folder, 'file'), 'before');
    await house().put(join(folder, 'gone'), 'gone');
    await house().newFolder(folder, 'old');
    await house().put(join(folder, 'old', 'hidden'), 'hidden');
    const read = { path: folder, mode: 'ro', reviewed: true } as const;
    const look = `cd ${folder}; cat file; ls; ls old; touch x 2>/dev/null || echo refused`;
    const { kept } = await house().plan();
    const before = await house().start({ kept, folders: [read] });
    expect((await shell(before, look)).out).toBe('beforefile\ngone\nold\nhidden\nrefused\n');
    await before.teardown();
    const first = await house().start({ kept, folders: [{ path: folder, mode: 'review' }] });
    await shell(
      first,
      `cd ${folder} && printf one >file && rm gone && rm -r old && mkdir old && touch old/new`,
    );
    await first.teardown();
    const readers = await Promise.all([1, 2].map(() => house().start({ kept, folders: [read] })));
    for (const reader of readers) {
      expect((await shell(reader, look)).out).toBe('onefile\nold\nnew\nrefused\n');
      await reader.teardown();
    }
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('before');
  });
}

function maskTests({ house }: Subject): void {
  test('what Holdfast keeps is hidden within a grant, and cannot be written or moved', async () => {
    const home = await house().newFolder();
    const data = await house().newFolder(home, 'state', 'holdfast');
    await house().put(join(data, 'key'), 'private');
    const socket = join(home, 'state', 'run.sock');
    await house().put(socket, 'socket');
    const sandbox = await house().start({ folders: [{ path: home, mode: 'rw' }], masked: [data, socket] });
    const { out } = await shell(
      sandbox,
      [
        `ls -A ${data}`,
        `cat ${data}/key ${socket} 2>/dev/null`,
        `touch ${data}/new 2>/dev/null && echo written`,
        `echo x 2>/dev/null >>${socket} && echo appended`,
        `mv ${data} ${home}/elsewhere 2>/dev/null && echo moved`,
        `mv ${home}/state ${home}/elsewhere 2>/dev/null && echo its folder moved`,
        'true',
      ].join('; '),
    );
    expect(out).toBe('');
    expect(await readFile(join(data, 'key'), 'utf8')).toBe('private');
  });

  test('a grant within what is hidden is refused', async () => {
    const data = await house().newFolder();
    const sessions = join(data, 'sessions');
    await mkdir(sessions);
    const wish = { folders: [{ path: sessions, mode: 'ro' as const }], masked: [data] };
    await expect(house().start(wish)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('the machine’s own places are not granted', async () => {
    for (const path of ['/', '/proc', '/dev']) {
      await expect(house().start({ folders: [{ path, mode: 'ro' }] })).rejects.toMatchObject({
        name: 'Problem',
      });
    }
  });
}

function rightsTests({ house }: Subject): void {
  test('one call may be given less than its session', async () => {
    const folder = await house().newFolder();
    const one = await house().newFolder(folder, 'one');
    const two = await house().newFolder(folder, 'two');
    await house().put(join(one, 'file'), 'one');
    await house().put(join(two, 'file'), 'two');
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'rw' }] });
    const script = `cat ${one}/file; cat ${two}/file; echo x 2>/dev/null >${one}/new && echo wrote one; echo x 2>/dev/null >${two}/new && echo wrote two; true`;
    const everything = await shell(sandbox, script);
    expect(everything.out).toBe('onetwowrote one\nwrote two\n');
    const reading = await shell(sandbox, script, { rights: { read: [one], write: [] }, cwd: '/' });
    expect(reading.out).toBe('one');
    const writing = await shell(sandbox, script, { rights: { read: [], write: [two] }, cwd: '/' });
    expect(writing.out).toBe('twowrote two\n');
    const again = await ran(sandbox, ['cat', join(one, 'file')]);
    expect(again.out).toBe('one');
  });

  test('no call gets more than its session', async () => {
    const folder = await house().newFolder();
    await house().put(join(folder, 'file'), 'as it was');
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'ro' }] });
    await shell(sandbox, `echo x >${folder}/file`, { rights: { read: [], write: [folder] }, cwd: '/' });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('as it was');
  });
}
