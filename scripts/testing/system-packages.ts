// What the suites need from the system beside npm's packages: the table is data, in system-packages.json.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import table from './system-packages.json' with { type: 'json' };

export interface SystemPackage {
  package: string;
  command: string;
  /** An environment variable that names the program where it is not on the PATH. */
  path?: string;
  suite: string;
  /** Only these test files need it; without this field the whole suite does. */
  files?: string[];
  why: string;
}

export interface Machine {
  env: NodeJS.ProcessEnv;
  exists: (file: string) => boolean;
  isRoot: boolean;
  isDebian: boolean;
  /** Runs a command and answers whether it went well. */
  run(command: string, args: readonly string[]): boolean;
  say(line: string): void;
}

export const thisMachine: Machine = {
  env: process.env,
  exists: fs.existsSync,
  isRoot: process.getuid?.() === 0,
  isDebian: fs.existsSync('/etc/debian_version'),
  run(command, args) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  },
  say: (line) => console.log(line),
};

/** Where a package's program is, or nothing. */
export function locate(
  { command, path: named }: SystemPackage,
  { env, exists }: Machine,
): string | undefined {
  const told = named === undefined ? undefined : env[named];
  const searched = (env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, command));
  return [...(told === undefined ? [] : [told]), ...searched].find(exists);
}

export const needed = (suites: readonly string[]): SystemPackage[] =>
  (table as SystemPackage[]).filter(({ suite }) => suites.includes(suite));

/** Installs what is missing where that is ours to do, else says how; answers what is missing still. */
export function provide(packages: readonly SystemPackage[], machine: Machine): SystemPackage[] {
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
