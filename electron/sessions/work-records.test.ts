import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { chown, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { silentLog } from '../base/log.ts';
import { count } from '../base/test-counts.ts';
import { openTestRecord } from '../audit/testing/open-test-record.ts';
import { systemClock } from '../base/clock.ts';
import { removeTree } from '../base/remove-tree.ts';
import { WorkRecords } from './work-records.ts';

const run = promisify(execFile);
const operator = { kind: 'operator' } as const;
const checker = new URL('../../resources/verify-record.mjs', import.meta.url).pathname;

async function someRecords() {
  const { record, folder } = await openTestRecord();
  const root = join(folder, 'audit');
  const records = new WorkRecords({ record, clock: systemClock, log: silentLog(), root, checker });
  onTestFinished(async () => {
    await records.close();
    await removeTree(root);
  });
  const begin = async (agent = 'tide') => {
    const session = newId('session', new Date());
    // What a proof begins with.
    await record.append({
      kind: 'record.noted',
      actor: operator,
      scope: { session },
      data: { text: 'begun' },
    });
    const work = {
      session,
      agent,
      repository: 'https://example.org/tide.git',
      workUnit: 'T-1',
      started: new Date(),
    };
    return { session, ...(await records.begin(work)) };
  };
  return { record, records, root, folder, begin };
}

const end = { ended: new Date('2026-11-20T10:00:00Z'), outcome: 'success', exitCode: 0, files: [] };

async function verified(
  folder: string,
  ...more: string[]
): Promise<{ code: number; ok: boolean; findings: string[] }> {
  const said = await run(process.execPath, [checker, folder, '--json', ...more]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (failure: { code: number; stdout: string }) => failure,
  );
  const result = JSON.parse(said.stdout) as { ok: boolean; findings: string[] };
  return { code: said.code, ...result };
}

const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);
const noteIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'agentd', 'session.json'), 'utf8')) as Record<string, unknown>;

test('a record is open while its session lives, and sealed read-only afterwards, with a proof of its own', async () => {
  const { records, record, folder, begin } = await someRecords();
  const { session, folder: its, live, seal } = await begin();
  expect([modeOf(its), modeOf(live)]).toEqual(['755', '777']);
  expect(noteIn(its)).toEqual({
    schema_version: 2,
    session_id: session,
    agent: 'tide',
    repo_url: 'https://example.org/tide.git',
    work_unit: 'T-1',
    start_timestamp: expect.any(String),
  });
  expect(await records.list(null)).toMatchObject([{ session, state: 'open' }]);
  mkdirSync(join(live, 'store'));
  writeFileSync(join(live, 'store', 'tide.json'), '{"high":true}');
  const patch = join(folder, 'a.patch');
  writeFileSync(patch, '+high\n');
  await record.append({
    kind: 'session.ended',
    actor: { kind: 'system' },
    scope: { session },
    data: {
      outcome: { label: 'success', code: 0, signal: null, reason: null },
      seconds: 1,
      transcript: { bytes: 5, cut: false },
      changes: 0,
      review: 'none',
    },
    blobs: [{ name: 'transcript.cast', type: 'application/x-asciicast', content: Buffer.from('high\n') }],
  });
  expect(await seal({ ...end, files: [{ name: 'changes.patch', from: patch }] })).toBe(true);
  expect(readFileSync(join(its, 'holdfast', 'transcript.cast'), 'utf8')).toBe('high\n');
  expect(readFileSync(join(its, 'holdfast', 'changes.patch'), 'utf8')).toBe('+high\n');
  expect(noteIn(its)).toMatchObject({
    end_timestamp: '2026-11-20T10:00:00.000Z',
    outcome: 'success',
    exit_code: 0,
  });
  expect([
    modeOf(live),
    modeOf(join(live, 'store')),
    modeOf(join(live, 'store', 'tide.json')),
    modeOf(join(its, 'holdfast')),
    modeOf(join(its, 'agentd', 'session.json')),
    modeOf(its),
  ]).toEqual(['555', '555', '444', '555', '444', '755']);
  expect(await verified(its)).toMatchObject({ code: 0, ok: true });
  const { fingerprint } = record.state();
  expect(await verified(its, '--key', fingerprint)).toMatchObject({ ok: true, signer: 'known' });
  const own = await run(process.execPath, [join(its, 'holdfast', 'verify-record.mjs')]);
  expect(own.stdout).toContain(`of ${session}, as they were sealed`);
  const [found] = await records.list('tide');
  expect(found).toMatchObject({ state: 'sealed', exitCode: 0, workUnit: 'T-1' });
  expect((await records.get(session)).files.map(({ path }) => path)).toContain('runa/store/tide.json');
});

test('whatever is changed, added or taken away afterwards is found', async () => {
  const { begin } = await someRecords();
  const one = await begin();
  writeFileSync(join(one.live, 'a'), 'low');
  writeFileSync(join(one.live, 'b'), 'low');
  symlinkSync('/etc/hostname', join(one.live, 'way'));
  await one.seal(end);
  chmodSync(one.live, 0o755);
  chmodSync(join(one.live, 'a'), 0o644);
  writeFileSync(join(one.live, 'a'), 'LOW');
  await rm(join(one.live, 'b'));
  writeFileSync(join(one.live, 'c'), 'new');
  const found = await verified(one.folder);
  expect(found.code).toBe(5);
  expect(found.findings.toSorted()).toEqual([
    '"runa/a" was changed',
    '"runa/b" is missing',
    '"runa/c" is not in the manifest',
  ]);
  // Who mends the manifest as well meets the signature.
  const manifest = join(one.folder, 'holdfast', 'manifest.json');
  chmodSync(manifest, 0o644);
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"runa/b"', '"runa/d"'));
  expect((await verified(one.folder)).findings).toContain('the manifest is not the one that was sealed');
});

test('a second name of a file elsewhere is refused before anything is changed, and the record says that it is incomplete', async () => {
  const { records, record, folder, begin } = await someRecords();
  const { session, folder: its, live, seal } = await begin();
  const outside = join(folder, 'outside');
  writeFileSync(outside, 'mine', { mode: 0o644 });
  writeFileSync(join(live, 'a'), 'low', { mode: 0o640 });
  linkSync(outside, join(live, 'stolen'));
  expect(await seal(end)).toBe(false);
  expect([modeOf(outside), modeOf(join(live, 'a')), modeOf(live)]).toEqual(['644', '640', '777']);
  expect(noteIn(its)).not.toHaveProperty('end_timestamp');
  expect(await records.list(null)).toMatchObject([{ state: 'incomplete' }]);
  expect((await verified(its)).findings[0]).toContain('never sealed');
  const [told] = (await record.query({ filter: { session }, limit: 1 })).events;
  expect(told).toMatchObject({
    kind: 'session.unsealed',
    data: { reason: expect.stringContaining('stolen') },
  });
});

test('hostile modes, links, pipes and names that are no text are sealed without harm', async () => {
  const { folder, begin } = await someRecords();
  const { folder: its, live, seal } = await begin();
  const secret = join(folder, 'secret');
  mkdirSync(secret, { mode: 0o700 });
  writeFileSync(join(secret, 'key'), 'mine', { mode: 0o600 });
  mkdirSync(join(live, 'closed'));
  writeFileSync(join(live, 'closed', 'within'), 'x', { mode: 0o000 });
  chmodSync(join(live, 'closed'), 0o000);
  symlinkSync(secret, join(live, 'out'));
  symlinkSync(join(secret, 'key'), join(live, 'key'));
  await run('mkfifo', [join(live, 'pipe')]);
  writeFileSync(Buffer.concat([Buffer.from(`${live}/`), Buffer.from([0xff, 0xfe])]), 'bytes');
  if (process.getuid?.() === 0) await chown(join(live, 'closed'), 65_534, 65_534);
  expect(await seal(end)).toBe(true);
  expect([modeOf(secret), modeOf(join(secret, 'key'))]).toEqual(['700', '600']);
  expect([modeOf(join(live, 'closed')), modeOf(join(live, 'closed', 'within'))]).toEqual(['555', '444']);
  expect(await verified(its)).toMatchObject({ ok: true });
});

test('a link in the place of what a session wrote in is not gone along, and nothing behind it is changed', async () => {
  const { folder, record, begin } = await someRecords();
  const { session, folder: its, live, seal } = await begin();
  const secret = join(folder, 'secret');
  mkdirSync(join(secret, 'below'), { recursive: true, mode: 0o500 });
  writeFileSync(join(secret, 'key'), 'mine', { mode: 0o600 });
  chmodSync(join(secret, 'below'), 0o500);
  renameSync(live, `${live}.away`);
  symlinkSync(secret, live);
  expect(await seal(end)).toBe(false);
  expect(['key', 'below'].map((name) => modeOf(join(secret, name)))).toEqual(['600', '500']);
  expect(noteIn(its)).not.toHaveProperty('end_timestamp');
  const [told] = (await record.query({ filter: { session }, limit: 1 })).events;
  expect(told).toMatchObject({ kind: 'session.unsealed' });

  // Nor is what is no longer there taken for something that holds nothing.
  const moved = await begin();
  renameSync(moved.folder, `${moved.folder}-away`);
  expect(await moved.seal(end)).toBe(false);
});

test('records may lie where a link leads that the person chose', async () => {
  const { folder, record, records, begin } = await someRecords();
  const far = join(folder, 'far');
  mkdirSync(far);
  const root = join(folder, 'near');
  symlinkSync(far, root);
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'records.root', value: root },
  });
  const { session, seal } = await begin();
  onTestFinished(() => removeTree(far));
  expect(await seal(end)).toBe(true);
  expect(await records.list(null)).toMatchObject([{ session, state: 'sealed' }]);
  const asked = { olderThanDays: null, beyondBytes: 0, dryRun: false };
  expect((await records.prune(asked, operator)).records).toHaveLength(1);
  expect(await records.list(null)).toEqual([]);
});

test('where records cannot be kept a session does not begin, and nothing of one is left', async () => {
  const { record, folder, records, begin } = await someRecords();
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'records.root', value: join(file, 'below') },
  });
  await expect(begin()).rejects.toMatchObject({
    code: 'storage_failed',
    mend: expect.stringContaining('records.root'),
  });
  expect(await records.list(null)).toEqual([]);
});

test('where records could be kept and cannot be any more, a session does not begin either', async () => {
  const { folder, root, begin } = await someRecords();
  const { seal } = await begin();
  expect(await seal(end)).toBe(true);
  renameSync(root, join(folder, 'away'));
  onTestFinished(() => removeTree(join(folder, 'away')));
  writeFileSync(root, '');
  const refused = { code: 'storage_failed', mend: expect.stringContaining('records.root') };
  await expect(begin()).rejects.toMatchObject(refused);
  await rm(root);
  mkdirSync(root);
  await begin('other');
  writeFileSync(join(root, 'tide'), '');
  await expect(begin()).rejects.toMatchObject(refused);
});

test('records go by age and by size, the oldest first, never one at work, and each removal is an event', async () => {
  const { records, record, begin } = await someRecords();
  const made = [];
  for (let i = 0; i < 3; i++) {
    const one = await begin();
    writeFileSync(join(one.live, 'some'), 'x'.repeat(1000));
    await one.seal({ ...end, ended: new Date(Date.now() - (3 - i) * 86_400_000) });
    made.push(one);
  }
  const atWork = await begin();
  const asked = { olderThanDays: null, beyondBytes: null };
  expect(await records.prune({ ...asked, dryRun: false }, operator)).toMatchObject({ records: [] });
  const dry = await records.prune({ ...asked, olderThanDays: 2, dryRun: true }, operator);
  expect(dry.records.map(({ session }) => session)).toEqual([made[1]?.session, made[0]?.session]);
  expect(existsSync(made[0]!.folder)).toBe(true);
  const gone = await records.prune(
    { ...asked, beyondBytes: dry.records[0]!.bytes + 10, dryRun: false },
    operator,
  );
  expect(gone.records.map(({ session }) => session)).toEqual([made[1]?.session, made[0]?.session]);
  expect(made.map(({ folder: its }) => existsSync(its))).toEqual([false, false, true]);
  expect(existsSync(atWork.folder)).toBe(true);
  const { events } = await record.query({ filter: { kinds: ['session.record_removed'] }, limit: 10 });
  expect(events).toHaveLength(2);
});

test('ten thousand files are sealed while the main thread goes on', async () => {
  const { begin } = await someRecords();
  const { folder: its, live, seal } = await begin();
  const files = count(500, 10_000);
  for (let i = 0; i < files; i++) writeFileSync(join(live, `${i}`), `${i}`);
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  onTestFinished(() => clearInterval(counting));
  expect(await seal(end)).toBe(true);
  expect(turns).toBeGreaterThan(2);
  expect(await verified(its)).toMatchObject({ ok: true, entries: files + 4 });
});
