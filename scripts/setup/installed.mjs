import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { lockIsMet, thisKind } from './lock.mjs';
import { isNewEnough, needNode, packagedNode } from './node24.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/** @typedef {import('./lock.mjs').Lock} Lock */

/** @param {string} root */
const placesIn = (root) => ({
  lock: path.join(root, 'package-lock.json'),
  noted: path.join(root, 'node_modules', '.package-lock.json'),
  stamp: path.join(root, 'node_modules', '.holdfast', 'installed.json'),
});

/** @param {string} file */
const digest = (file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

/**
 * @param {string} file
 * @returns {Lock}
 */
const readLock = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** @param {string} root */
export function isInstalled(root) {
  const { lock, noted, stamp } = placesIn(root);
  if (!fs.existsSync(noted)) return false;
  const contents = digest(lock);
  if (readStamp(stamp)['contents'] === contents) return true;
  if (!lockIsMet(readLock(lock), readLock(noted), thisKind())) return false;
  writeStamp(stamp, { contents });
  return true;
}

/**
 * @param {string} folder
 * @param {string} node the Node that npm runs on
 */
function cleanInstall(folder, node) {
  // Started by npm we use that very npm, else the one on the PATH.
  const given = process.env['npm_execpath'];
  // Errors only: what npm warns about here is nothing a person could mend.
  const options = ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const [command, args] =
    given !== undefined && /\.c?js$/.test(given) ? [node, [given, ...options]] : ['npm', options];
  const done = spawnSync(command, args, {
    cwd: folder,
    // Our standard output belongs to what is started afterwards.
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, PATH: [path.dirname(node), process.env['PATH']].join(path.delimiter) },
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (done.status === 0) return;
  const told = [done.error?.message, done.stdout, done.stderr].filter(Boolean).join('\n').trim();
  throw new Error(
    `The packages could not be installed.\n${told.split('\n', 25).join('\n')}\nMend what npm names and start again.`,
  );
}

/**
 * npm silently leaves out the native halves of packages that want a newer Node than it runs on itself. So on an
 * old Node the packaged one is installed first, alone, exactly as package-lock.json names it, and npm runs on that.
 * @param {string} root
 * @param {string} folder
 */
function installNodeAlone(root, folder) {
  const name = packagedNode()?.split('/')[0];
  const entry =
    name === undefined ? undefined : readLock(placesIn(root).lock).packages[`node_modules/${name}`];
  if (name === undefined || entry === undefined) return needNode(root);
  const whole = { name: 'node-alone', version: '0.0.0', dependencies: { [name]: entry.version } };
  const lock = { ...whole, lockfileVersion: 3, packages: { '': whole, [`node_modules/${name}`]: entry } };
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(whole));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  cleanInstall(folder, process.execPath);
  return needNode(folder);
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
export function install(root, say) {
  say('Installing the packages that package-lock.json names (once, about a minute) …');
  const folder = path.join(root, '.cache', 'node');
  try {
    cleanInstall(root, isNewEnough(process.version) ? process.execPath : installNodeAlone(root, folder));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const { lock, stamp } = placesIn(root);
  writeStamp(stamp, { contents: digest(lock) });
}
