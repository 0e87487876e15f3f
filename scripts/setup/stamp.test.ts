import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentsOf, isUnchanged, listFiles, timesOf, writeStamp } from './stamp.mjs';

let root: string;
let stamp: string;
const files = () => listFiles(root, ['src', 'absent'], (file) => file.endsWith('.ts'));

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-stamp-'));
  stamp = path.join(root, 'out', 'built.json');
  fs.mkdirSync(path.join(root, 'src', 'inner'), { recursive: true });
  fs.writeFileSync(path.join(root, 'src', 'b.ts'), 'b');
  fs.writeFileSync(path.join(root, 'src', 'inner', 'a.ts'), 'a');
  fs.writeFileSync(path.join(root, 'src', 'notes.md'), 'n');
  writeStamp(stamp, { times: timesOf(root, files()), contents: contentsOf(root, files()) });
});

afterEach(() => fs.rmSync(root, { recursive: true }));

test('files are found in a fixed order, only those that count', () => {
  expect(files()).toEqual(['src/b.ts', 'src/inner/a.ts']);
});

test('nothing changed: unchanged', () => {
  expect(isUnchanged(root, files(), stamp)).toBe(true);
});

test('a change of the content, a new file and a removed file are changes', () => {
  fs.writeFileSync(path.join(root, 'src', 'b.ts'), 'c');
  expect(isUnchanged(root, files(), stamp)).toBe(false);
  fs.writeFileSync(path.join(root, 'src', 'b.ts'), 'b');
  fs.writeFileSync(path.join(root, 'src', 'new.ts'), '');
  expect(isUnchanged(root, files(), stamp)).toBe(false);
  fs.rmSync(path.join(root, 'src', 'new.ts'));
  fs.rmSync(path.join(root, 'src', 'inner', 'a.ts'));
  expect(isUnchanged(root, files(), stamp)).toBe(false);
});

test('a new time alone is no change, and the stamp learns it', () => {
  fs.utimesSync(path.join(root, 'src', 'b.ts'), new Date(0), new Date(0));
  expect(isUnchanged(root, files(), stamp)).toBe(true);
  expect(JSON.parse(fs.readFileSync(stamp, 'utf8'))).toMatchObject({ times: timesOf(root, files()) });
});

test('a stamp that is missing or cut off says nothing', () => {
  fs.writeFileSync(stamp, '{"times":');
  expect(isUnchanged(root, files(), stamp)).toBe(false);
  fs.rmSync(stamp);
  expect(isUnchanged(root, files(), stamp)).toBe(false);
});
