import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readStamp, writeStamp } from './stamp.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Locked
 * @typedef {{ packages: Record<string, Locked> }} Lock
 */

/**
 * Whether what npm noted inside node_modules is what package-lock.json asks for. Optional packages may be
 * missing: they are for other machines.
 * @param {Lock} wanted
 * @param {Lock} present
 */
export function lockIsMet(wanted, present) {
  return Object.entries(wanted.packages).every(([name, entry]) => {
    if (name === '') return true;
    const there = present.packages[name];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

/** @param {string} root */
const placesIn = (root) => ({
  lock: path.join(root, 'package-lock.json'),
  noted: path.join(root, 'node_modules', '.package-lock.json'),
  stamp: path.join(root, 'node_modules', '.holdfast', 'installed.json'),
});

/** @param {string} file */
const digest = (file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

/** @param {string} root */
export function isInstalled(root) {
  const { lock, noted, stamp } = placesIn(root);
  if (!fs.existsSync(noted)) return false;
  const contents = digest(lock);
  if (readStamp(stamp)['contents'] === contents) return true;
  if (!lockIsMet(JSON.parse(fs.readFileSync(lock, 'utf8')), JSON.parse(fs.readFileSync(noted, 'utf8')))) {
    return false;
  }
  writeStamp(stamp, { contents });
  return true;
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
export function install(root, say) {
  say('Installing the packages that package-lock.json names (once, about a minute) …');
  // Started by npm we use that very npm, else the one on the PATH. Errors only: warnings about the engines of
  // build tools do not matter, those run with the Node that is being installed here.
  const given = process.env['npm_execpath'];
  const options = ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const [command, args] =
    given !== undefined && /\.c?js$/.test(given) ? [process.execPath, [given, ...options]] : ['npm', options];
  const done = spawnSync(command, args, {
    cwd: root,
    // Standard output belongs to what is started afterwards.
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (done.status !== 0) {
    const told = [done.error?.message, done.stdout, done.stderr]
      .filter(Boolean)
      .join('\n')
      .trim()
      .split('\n', 25);
    throw new Error(
      `The packages could not be installed.\n${told.join('\n')}\nMend what npm names and start again.`,
    );
  }
  const { lock, stamp } = placesIn(root);
  writeStamp(stamp, { contents: digest(lock) });
}
