import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginDaemon, beginHoldfast, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';

test('where a house runs and its token’s file is lost or garbage, nobody is told that nothing runs', async () => {
  const { folder } = await startDaemon();
  const token = join(folder, 'operator.token');
  for (const spoil of [
    () => writeFileSync(token, 'garbage'),
    () => writeFileSync(token, ''),
    () => writeFileSync(token, Buffer.from([0xff, 0x00, 0x0a, 0xfe])),
    () => rmSync(token),
  ]) {
    spoil();
    const said = await holdfast(folder, ['status']);
    expect([said.code, said.stderr]).toEqual([
      6,
      `Holdfast runs on ${folder}, and the token in ${token} is missing or is not in force.\nStop it with Ctrl-C where it runs, and start it again: it then writes a new one.\n`,
    ]);
  }
});

test.runIf(process.platform === 'linux')(
  'an answer that the disk does not take is told in one line',
  async () => {
    const { folder, variables } = await startDaemon();
    const full = openSync('/dev/full', 'w');
    const entry = join(import.meta.dirname, 'main.ts');
    const said = spawnSync(process.execPath, [entry, 'status', '--data', folder], {
      env: variables,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect([said.status, said.stderr]).toEqual([6, 'The answer cannot be written: the disk is full.\n']);
  },
);

test('a refusal never writes to the terminal what it pleases', async () => {
  const said = await holdfast(testFolder(), ['events', '--since', '\u001B[31m']);
  expect([said.code, said.stderr.includes('\u001B'), said.stderr.includes('\uFFFD[31m')]).toEqual([
    2,
    false,
    true,
  ]);
});

test('a file that cannot be read or written is named, although a house runs', async () => {
  const { folder } = await startDaemon();
  const nowhere = join(folder, 'no', 'where');
  const exported = await holdfast(folder, ['export', nowhere, '--yes']);
  expect([exported.code, exported.stderr.includes(`${nowhere} cannot be written`)]).toEqual([6, true]);
  const verified = await holdfast(folder, ['verify', '--against', nowhere]);
  expect([verified.code, verified.stderr]).toEqual([
    2,
    `The checkpoint ${nowhere} cannot be read.\nName a file that holds one.\n`,
  ]);
});

test('an export onto a file that is there is refused before anything is made', async () => {
  const { folder } = await startDaemon();
  const there = join(folder, 'mine');
  writeFileSync(there, 'mine');
  const said = await holdfast(folder, ['export', there, '--yes']);
  expect([said.code, said.stderr]).toEqual([3, `${there} is there already.\nChoose another name.\n`]);
  expect(readdirSync(join(folder, 'exports'))).toEqual([]);
});

test('a bundle that Ctrl-C cuts off has its name only where it is whole, and leaves no part of itself', async () => {
  const { folder } = await startDaemon();
  for (let i = 0; i < 3; i++) await holdfast(folder, ['note', `${i}`]);
  const place = testFolder();
  const running = beginHoldfast(folder, ['export', join(place, 'b.tgz'), '--yes', '--data', folder]);
  let over = false;
  void running.ended.then(() => (over = true));
  await until(() => over || readdirSync(place).length > 0);
  running.child.kill('SIGINT');
  await running.ended;
  const left = readdirSync(place);
  expect([[], ['b.tgz']]).toContainEqual(left);
  if (left.length > 0)
    expect((await holdfast(folder, ['verify', join(place, 'b.tgz')])).stdout).toContain('Consistent');
});

test('what cannot be a data folder is refused with its reason, and ends with 6', async () => {
  const place = testFolder();
  const file = join(place, 'file');
  writeFileSync(file, 'mine');
  for (const [folder, reason] of [
    [file, 'there is a file in its place'],
    [join(file, 'below'), 'there is a file in its place'],
    [join(place, 'x'.repeat(300)), 'its name is too long'],
  ] as const) {
    const running = beginDaemon({ folder });
    const { code } = await running.ended;
    expect([code, running.stderr()]).toEqual([6, expect.stringContaining(`cannot be made: ${reason}`)]);
  }
});

test('a folder in the place of a file of the house is refused with a mend, not as a failure of the program', async () => {
  for (const name of ['operator.token', 'checkpoint', 'secrets.json', 'secrets.key']) {
    const folder = testFolder();
    mkdirSync(join(folder, name));
    const running = beginDaemon({ folder });
    const { code } = await running.ended;
    const [sentence = '', mend = ''] = running.stderr().trimEnd().split('\n');
    expect([name, code]).toEqual([name, 6]);
    expect(sentence).toContain(folder);
    expect(mend).not.toBe('');
  }
});

test('an empty HOME puts nothing where somebody happens to stand', async () => {
  const running = beginHoldfast('', ['status']);
  expect((await running.ended).code).toBe(6);
  expect(running.stderr()).toMatch(/^No Holdfast runs on \//);
});

/** Starts a house on the folder for one remark that no backup has. */
async function noteAndStop(folder: string): Promise<void> {
  const daemon = await startDaemon({ folder });
  await holdfast(folder, ['note', 'after the backup']);
  daemon.child.kill('SIGINT');
  await daemon.ended;
}

test('a restoration that Ctrl-C cuts off changes nothing and leaves nothing', async () => {
  const daemon = await startDaemon();
  const { folder } = daemon;
  const file = join(testFolder(), 'b.backup');
  expect((await holdfast(folder, ['backup', file])).code).toBe(0);
  daemon.child.kill('SIGINT');
  await daemon.ended;
  await noteAndStop(folder);
  const names = () => readdirSync(folder).filter((name) => name.startsWith('restore-'));
  // A restoration of a small record is soon over: it is cut off as soon as it has begun, and again where that was too late.
  let cutOff = false;
  for (let attempt = 0; attempt < 10 && !cutOff; attempt++) {
    const running = beginHoldfast(folder, ['restore', file, '--yes', '--data', folder]);
    const over = () => running.child.exitCode !== null;
    while (!over() && names().length === 0) await new Promise((resolve) => setImmediate(resolve));
    running.child.kill('SIGINT');
    const { code } = await running.ended;
    expect(names()).toEqual([]);
    cutOff = code === 130;
    if (!cutOff) {
      expect(code).toBe(0);
      await noteAndStop(folder);
      continue;
    }
    expect(running.stderr()).toBe('The restoration was cancelled; nothing was changed.\n');
  }
  expect(cutOff).toBe(true);
  await startDaemon({ folder });
  expect((await holdfast(folder, ['events', 'after'])).stdout).toContain('after the backup');
});

test('serve answers in JSON too, whether it starts or not', async () => {
  const { folder } = await startDaemon();
  const held = await holdfast(folder, ['serve', '--no-open', '--json']);
  expect([held.code, JSON.parse(held.stderr)]).toMatchObject([6, { error: { code: 'locked' } }]);
  const other = testFolder();
  const running = beginHoldfast(other, ['serve', '--no-open', '--json', '--data', other]);
  await until(() => running.stdout().includes('\n'));
  expect(JSON.parse(running.stdout())).toEqual({ link: expect.stringContaining('#ticket=') as string });
});

test('help is the same words everywhere', async () => {
  const folder = testFolder();
  const asked = beginHoldfast(folder, ['help', 'erase']);
  const flagged = beginHoldfast(folder, ['erase', '--help']);
  expect([(await asked.ended).code, (await flagged.ended).code]).toEqual([0, 0]);
  expect(asked.stdout()).toBe(flagged.stdout());
});
