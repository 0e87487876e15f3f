// Electron's package comes without its program; that is fetched on first use from another host, which is not
// always reachable. Without it Holdfast is the same in a browser.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readStamp, writeStamp } from './stamp.mjs';

const day = 24 * 60 * 60 * 1000;
const patience = 3 * 60 * 1000;

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 */
export function hasDisplay(env, platform) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((screen) => screen !== undefined && screen !== '');
}

/**
 * The program itself, where Electron's own package would look for it.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function findElectron(root, env = process.env) {
  const home = path.join(root, 'node_modules', 'electron');
  const note = path.join(home, 'path.txt');
  const name = fs.existsSync(note) ? fs.readFileSync(note, 'utf8') : undefined;
  const elsewhere = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (elsewhere === undefined && name === undefined) return undefined;
  const file = path.join(elsewhere ?? path.join(home, 'dist'), name ?? 'electron');
  return fs.existsSync(file) ? file : undefined;
}

/**
 * Finds the program or fetches it, at most once a day.
 * @param {string} root
 * @param {string} node
 * @param {(line: string) => void} say
 * @returns {string | undefined}
 */
export function obtainElectron(root, node, say) {
  const found = findElectron(root);
  if (found !== undefined) return found;
  const home = path.join(root, 'node_modules', 'electron');
  const { version } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
  const memory = path.join(root, 'node_modules', '.holdfast', 'electron.json');
  const remembered = readStamp(memory);
  if (remembered['version'] === version && Date.now() - Number(remembered['failed']) < day) return undefined;
  say(`Fetching Electron ${version} for the desktop window (once) …`);
  const done = spawnSync(node, [path.join(home, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: patience,
  });
  const fetched = findElectron(root);
  if (fetched !== undefined) return fetched;
  const [reason = 'no answer'] = (done.error?.message ?? done.stderr).trim().split('\n');
  say(
    `Electron could not be fetched (${reason}). Holdfast runs in the browser instead; another try tomorrow.`,
  );
  writeStamp(memory, { version, failed: Date.now() });
  return undefined;
}
