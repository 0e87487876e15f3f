// What Holdfast and its tests need from the system beside npm's packages: installed where that is ours to do.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ package: string, command: string, path?: string, suite: string, files?: string[], benches?: string[],
 *   setup?: boolean,
 *   why: string }} SystemPackage `path`: an environment variable that names the program where it is not on the PATH;
 *   `files`: only these test files need it, without this field the whole suite does; `setup`: Holdfast itself does;
 *   `benches`: these measurements do
 * @typedef {{ env: NodeJS.ProcessEnv, exists: (file: string) => boolean, isRoot: boolean, isDebian: boolean,
 *   run: (command: string, args: readonly string[]) => boolean, say: (line: string) => void }} Machine
 *   `run` answers whether the command went well
 */

/** @type {Machine} */
export const thisMachine = {
  env: process.env,
  exists: fs.existsSync,
  isRoot: process.getuid?.() === 0,
  isDebian: fs.existsSync('/etc/debian_version'),
  run(command, args) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  },
  say: (line) => void process.stderr.write(`${line}\n`),
};

/**
 * Where a package's program is, or nothing.
 * @param {SystemPackage} wanted
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export function locate({ command, path: named }, { env, exists }) {
  const told = named === undefined ? undefined : env[named];
  const searched = (env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, command));
  return [...(told === undefined ? [] : [told]), ...searched].find(exists);
}

/**
 * Installs what is missing where that is ours to do, else says how; answers what is missing still.
 * @param {readonly SystemPackage[]} packages
 * @param {Machine} machine
 * @returns {SystemPackage[]}
 */
export function provide(packages, machine) {
  const missing = packages.filter((each) => locate(each, machine) === undefined);
  if (missing.length === 0) return [];
  const names = missing.map((each) => each.package);
  if (!machine.isDebian) {
    machine.say(`Missing: ${names.join(', ')}. Install them with this system's package manager.`);
    return missing;
  }
  if (!machine.isRoot) {
    machine.say(`Missing: ${names.join(', ')}. Install them with:`);
    machine.say(`  sudo apt install --no-install-recommends ${names.join(' ')}`);
    return missing;
  }
  for (const each of missing) machine.say(`Installing ${each.package}: ${each.why}.`);
  const installed =
    machine.run('apt-get', ['update', '-qq']) &&
    machine.run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names]);
  if (!installed) machine.say(`apt-get could not install ${names.join(', ')}.`);
  return missing.filter((each) => locate(each, machine) === undefined);
}
