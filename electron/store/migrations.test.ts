import Database from 'better-sqlite3';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openForReading, openForWriting, storageProblem } from './database.ts';
import { migrate, migrations } from './migrations.ts';

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'record.sqlite');
}

const version = (database: Database.Database) => database.pragma('user_version', { simple: true });

test('each step runs once, and what was there is copied beside itself first', () => {
  const path = file();
  const one = 'CREATE TABLE first (x)';
  let database = openForWriting(path);
  migrate(database, [one]);
  database.exec('INSERT INTO first VALUES (1)');
  migrate(database, [one]);
  expect(existsSync(`${path}.before-schema-1`)).toBe(false);
  migrate(database, [one, 'CREATE TABLE second (y)']);
  expect(version(database)).toBe(2);
  database.close();
  const copy = openForReading(`${path}.before-schema-2`);
  expect(version(copy)).toBe(1);
  expect(copy.prepare('SELECT x FROM first').pluck().all()).toEqual([1]);
  copy.close();
  database = openForReading(path);
  expect(database.prepare('SELECT x FROM first').pluck().all()).toEqual([1]);
  database.close();
});

test('a step that fails leaves the database as it was', () => {
  const database = openForWriting(file());
  onTestFinished(() => void database.close());
  migrate(database, ['CREATE TABLE first (x)']);
  expect(() => migrate(database, ['', 'CREATE TABLE second (y)', 'NOT SQL'])).toThrow();
  expect(version(database)).toBe(1);
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'second'").all()).toEqual([]);
});

test('a database from a newer version is refused with a sentence and a mend', () => {
  const path = file();
  const database = openForWriting(path);
  onTestFinished(() => void database.close());
  migrate(database);
  database.pragma(`user_version = ${migrations.length + 1}`);
  expect(() => migrate(database)).toThrow(/newer Holdfast/);
  expect(version(database)).toBe(migrations.length + 1);
});

test('storage errors become problems that say what to do', () => {
  const error = (code: string) => Object.assign(new Error('x'), { code });
  expect(storageProblem(error('SQLITE_FULL'))).toMatchObject({ code: 'storage_full' });
  expect(storageProblem(error('SQLITE_CORRUPT'))).toMatchObject({ code: 'record_damaged' });
  expect(storageProblem(error('SQLITE_READONLY'))).toMatchObject({ code: 'storage_failed' });
  for (const code of ['SQLITE_FULL', 'SQLITE_CORRUPT', 'SQLITE_READONLY']) {
    expect(storageProblem(error(code)).mend).toBeTruthy();
  }
});
