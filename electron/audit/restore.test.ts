import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { databaseName } from '../store/database.ts';
import { migrations } from '../store/migrations.ts';
import { backupRecord } from './backing-up/backup.ts';
import type { Progress } from './record.ts';
import { restoreBackup } from './restore.ts';
import { SampleLog } from './sample-log.ts';
import { openHere } from './testing/open-here.ts';
import { operator } from './testing/open-test-record.ts';
import { here, verifySample } from './testing/verify-sample.ts';

const never = new AbortController().signal;
const file = { name: 'a.txt', type: 'text/plain', content: Buffer.from('alpha') };

function sampleLog(): SampleLog {
  const log = new SampleLog();
  onTestFinished(() => log.close());
  log.fill(1500);
  log.append({
    kind: 'record.noted',
    actor: { kind: 'operator' },
    data: { text: 'with a file' },
    blobs: [file],
  });
  return log;
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-restore-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function backup(log: SampleLog, tell: (progress: Progress) => void = () => undefined, signal = never) {
  const destination = join(emptyFolder(), 'record.backup');
  const request = {
    path: log.path,
    destination,
    checkpoint: log.checkpoint(),
    key: log.key.text,
    version: '1',
    now: 0,
  };
  return backupRecord(request, tell, signal);
}

const restore = (
  path: string,
  folder: string,
  tell: (progress: Progress) => void = () => undefined,
  signal = never,
) => restoreBackup({ file: path, folder, clock: systemClock, threads: 1, thread: here }, tell, signal);

/** Packs a folder as a backup, after somebody changed what is in it. */
function repacked(path: string, change: (folder: string) => void): string {
  const folder = emptyFolder();
  execFileSync('tar', ['xzf', path, '-C', folder]);
  change(join(folder, 'holdfast-backup'));
  const changed = join(folder, 'changed.backup');
  const names = ['backup.json', 'checkpoint', 'key', databaseName].map((name) => `holdfast-backup/${name}`);
  execFileSync('tar', ['czf', changed, '--format=ustar', '-C', folder, ...names]);
  return changed;
}

test('a backup made while the record grows holds one moment of it, and restores into an empty folder', async () => {
  const log = sampleLog();
  const size = log.size;
  const phases = new Set<string>();
  const made = await backup(log, ({ phase }) => {
    phases.add(phase);
    log.fill(20);
  });
  expect(made).toMatchObject({ size, bytes: statSync(made.path).size });
  expect(statSync(made.path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(made.path, '..'))).toEqual(['record.backup']);
  expect(phases).toEqual(new Set(['copying', 'packing']));
  const folder = emptyFolder();
  const restored = await restore(made.path, folder, ({ phase }) => void phases.add(phase));
  expect(restored).toEqual({ log: log.name, key: log.key.text, size, replaced: null, aside: null });
  expect(phases).toContain('verifying');
  expect(readdirSync(folder).toSorted()).toEqual(['checkpoint', databaseName]);
  const outside = [{ name: 'kept', note: readFileSync(join(folder, 'checkpoint'), 'utf8') }];
  expect(await verifySample(join(folder, databaseName), { outside })).toMatchObject({
    ok: true,
    size,
    blobs: 1,
  });
});

test('a backup never replaces a file, and leaves nothing behind when it is cancelled', async () => {
  const log = sampleLog();
  const { path } = await backup(log);
  const request = {
    path: log.path,
    destination: path,
    checkpoint: log.checkpoint(),
    key: log.key.text,
    version: '1',
    now: 0,
  };
  await expect(backupRecord(request, () => undefined, never)).rejects.toMatchObject({ code: 'conflict' });
  const nowhere = { ...request, destination: join(emptyFolder(), 'none', 'x') };
  await expect(backupRecord(nowhere, () => undefined, never)).rejects.toMatchObject({ code: 'not_found' });
  for (const when of ['copying', 'packing']) {
    const control = new AbortController();
    const destination = join(emptyFolder(), 'x');
    const told = ({ phase }: Progress) => phase === when && control.abort();
    const cancelled = backupRecord({ ...request, destination }, told, control.signal);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(destination, '..'))).toEqual([]);
  }
});

test('what was there is moved aside, and a checkpoint kept from it is contradicted plainly', async () => {
  const log = sampleLog();
  const made = await backup(log);
  log.fill(500);
  const later = log.checkpoint();
  writeFileSync(join(log.folder, 'checkpoint'), later);
  const size = log.size;
  log.writer.close();
  const restored = await restore(made.path, log.folder);
  expect(restored).toMatchObject({ size: made.size, replaced: { size, root: later.split('\n')[2] } });
  expect(readdirSync(restored.aside!).toSorted()).toEqual(['checkpoint', databaseName]);
  expect(readFileSync(join(restored.aside!, 'checkpoint'), 'utf8')).toBe(later);
  expect(await verifySample(join(restored.aside!, databaseName))).toMatchObject({ ok: true, size });

  const outside = [{ name: 'the older checkpoint', note: later }];
  expect(await verifySample(log.path)).toMatchObject({ ok: true, size: made.size });
  expect(await verifySample(log.path, { outside })).toMatchObject({
    findings: [{ what: 'tail_cut', from: made.size, to: size - 1 }],
  });
  const reopened = SampleLog.reopen(log);
  onTestFinished(() => reopened.close());
  const { replaced } = restored;
  reopened.append({
    kind: 'log.restored',
    actor: { kind: 'operator' },
    data: { size: restored.size, replaced },
  });
  reopened.fill(1000);
  reopened.checkpoint();
  expect(await verifySample(log.path)).toMatchObject({ ok: true });
  expect(await verifySample(log.path, { outside })).toMatchObject({
    findings: [
      {
        what: 'interval_changed',
        from: 0,
        to: size - 1,
        message: expect.stringContaining('the older checkpoint'),
      },
    ],
  });
});

test('a damaged record is replaced too, and kept as it is', async () => {
  const log = sampleLog();
  const made = await backup(log);
  const folder = emptyFolder();
  writeFileSync(join(folder, databaseName), 'no database any more'.repeat(1000));
  writeFileSync(join(folder, 'checkpoint'), log.checkpoint());
  const restored = await restore(made.path, folder);
  expect(restored.replaced).toMatchObject({ size: log.size });
  expect(readFileSync(join(restored.aside!, databaseName), 'utf8')).toContain('no database any more');
  expect(await verifySample(join(folder, databaseName))).toMatchObject({ ok: true });
});

test('a backup that is cut off, tampered with, newer or no backup at all changes nothing', async () => {
  const log = sampleLog();
  const { path } = await backup(log);
  const folder = emptyFolder();
  writeFileSync(join(folder, databaseName), 'what is here now');
  const sql = (text: string) => (unpackedTo: string) => {
    const database = new Database(join(unpackedTo, databaseName));
    database.exec(text);
    database.close();
  };
  const cut = join(emptyFolder(), 'cut');
  writeFileSync(cut, readFileSync(path).subarray(0, -2000));
  const cases: [file: string, code: string][] = [
    [join(folder, 'nowhere'), 'not_found'],
    [join(folder, databaseName), 'invalid_input'],
    [cut, 'invalid_input'],
    [repacked(path, sql(`UPDATE events SET data = '{}' WHERE seq = 7`)), 'record_damaged'],
    [
      repacked(path, sql('DELETE FROM events WHERE seq > 1000; DELETE FROM checkpoints WHERE size > 1000')),
      'record_damaged',
    ],
    [repacked(path, sql(`PRAGMA user_version = ${migrations.length + 1}`)), 'newer_version'],
    [repacked(path, (at) => writeFileSync(join(at, databaseName), 'junk'.repeat(5000))), 'record_damaged'],
    [repacked(path, (at) => writeFileSync(join(at, 'checkpoint'), 'junk')), 'record_damaged'],
  ];
  for (const [name, code] of cases) {
    await expect(restore(name, folder)).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([databaseName]);
    expect(readFileSync(join(folder, databaseName), 'utf8')).toBe('what is here now');
  }
  const control = new AbortController();
  const cancelled = restore(path, folder, () => control.abort(), control.signal);
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(folder)).toEqual([databaseName]);
  expect(existsSync(path)).toBe(true);
});

test('a backup decides neither who gets in nor what runs, and the first event says that it was restored', async () => {
  const [source, folder] = [emptyFolder(), emptyFolder()];
  const sent = join(folder, 'sent');
  const token = 'tok_01k0000000000000000000aaaa';
  const { record } = await openHere(source);
  const made = join(source, 'record.backup');
  try {
    const granted = { token, name: 'theirs', caller: 'operator', digest: '0'.repeat(64) } as const;
    await record.append({
      kind: 'token.created',
      actor: operator,
      data: { ...granted, procedures: null, expires: null },
    });
    const command = ['sh', '-c', `cat >> '${sent}'`];
    await record.append({
      kind: 'setting.changed',
      actor: operator,
      data: { key: 'checkpoint.command', value: command },
    });
    expect(record.rows('SELECT count(*) AS n FROM tokens WHERE revoked IS NULL')).toEqual([{ n: 1 }]);
    for await (const told of record.backup(made, operator, never)) void told;
  } finally {
    await record.close();
  }
  rmSync(sent, { force: true });
  const { size, replaced } = await restore(made, folder);
  for (const events of [1, 1]) {
    const { record: restored } = await openHere(folder);
    try {
      const said = await restored.query({ filter: { kinds: ['log.restored'] }, limit: 5 });
      expect(said.events).toHaveLength(events);
      expect(said.events[0]).toMatchObject({ seq: size, data: { size, replaced } });
      expect(restored.rows('SELECT count(*) AS n FROM tokens WHERE revoked IS NULL')).toEqual([{ n: 0 }]);
      expect(restored.settings()['checkpoint.command']).toBeNull();
      expect((await restored.rebuild(operator)).differences).toBe(0);
    } finally {
      await restored.close();
    }
  }
  expect(existsSync(sent)).toBe(false);
});

test('a backup in whose database something would run is refused', async () => {
  const log = sampleLog();
  const { path } = await backup(log);
  const planted = repacked(path, (folder) => {
    const database = new Database(join(folder, databaseName));
    database.exec('CREATE TRIGGER later AFTER INSERT ON events BEGIN DELETE FROM checkpoints; END');
    database.close();
  });
  const folder = emptyFolder();
  await expect(restore(planted, folder)).rejects.toMatchObject({
    code: 'record_damaged',
    message: expect.stringContaining('later'),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a backup can be restored where nothing that lies there can be read', async () => {
  const { path } = await backup(sampleLog());
  const folder = emptyFolder();
  for (const name of [databaseName, 'checkpoint']) writeFileSync(join(folder, name), 'nothing of ours');
  expect(await restore(path, folder)).toMatchObject({ replaced: null });
});
