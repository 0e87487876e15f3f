import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { needNode } from './node24.mjs';
import { contentsOf, isUnchanged, listFiles, timesOf, writeStamp } from './stamp.mjs';

const sources = [
  'electron',
  'shared',
  'renderer',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** @param {string} file */
const isBuilt = (file) => !/\.test\.tsx?$/.test(file) && !file.endsWith('.md');

/** @param {string} root */
const stampIn = (root) => path.join(root, 'out', 'built.json');

/** @param {string} root */
export function isBuiltNow(root) {
  return isUnchanged(root, listFiles(root, sources, isBuilt), stampIn(root));
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
export function build(root, say) {
  say('Building …');
  const files = listFiles(root, sources, isBuilt);
  // Taken before the build: a file saved while it runs makes the result stale, never falsely fresh.
  const stamp = { times: timesOf(root, files), contents: contentsOf(root, files) };
  fs.rmSync(stampIn(root), { force: true });
  const tool = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const done = spawnSync(needNode(root), [tool, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  const told = stripVTControlCharacters(
    [done.error?.message, done.stdout, done.stderr].filter(Boolean).join('\n'),
  ).trim();
  if (done.status !== 0) throw new Error(`The build failed.\n${told}`);
  if (told !== '') say(told);
  writeStamp(stampIn(root), stamp);
}
