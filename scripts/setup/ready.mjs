import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuiltNow } from './built.mjs';
import { compile, isCompiled } from './helper.mjs';
import { install, isInstalled } from './installed.mjs';
import { needsSystemPackages, provideSystemPackages } from './needed-packages.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Standard output belongs to the program that is started, so that it can be read by other programs.
 * @param {string} line
 */
export const say = (line) => void process.stderr.write(`${line}\n`);

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Takes the lock, or answers whose it is. A lock whose holder is gone is taken away.
 * @param {string} file
 * @returns {number | undefined}
 */
function takeLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const holder = Number(fs.readFileSync(file, 'utf8'));
  if (holder > 0 && !isAlive(holder)) fs.rmSync(file, { force: true });
  return holder;
}

/**
 * One at a time: two commands started together in a fresh clone must not install over each other.
 * @param {() => void} work
 */
async function alone(work) {
  const file = path.join(root, '.cache', 'setup.lock');
  for (let told = false; takeLock(file) !== undefined; told = true) {
    if (!told) say('Waiting for another Holdfast command that is setting up here …');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Installs what is missing; does nothing, quickly, where nothing is. */
export async function ensureInstalled() {
  if (isInstalled(root)) return;
  await alone(() => {
    if (!isInstalled(root)) install(root, say);
  });
}

/** What is made by the system's own compiler. Without one everything else goes on. */
export async function ensureCompiled() {
  if (isCompiled(root) && !needsSystemPackages(root)) return;
  await alone(() => {
    if (needsSystemPackages(root)) provideSystemPackages(root, say);
    if (!isCompiled(root)) compile(root, say);
  });
}

/** Installs and builds what is missing; does nothing, quickly, where nothing is. */
export async function ensureBuilt() {
  await ensureInstalled();
  await ensureCompiled();
  if (isBuiltNow(root)) return;
  await alone(() => {
    if (!isBuiltNow(root)) build(root, say);
  });
}

/**
 * Where the person stood: npm changes to the package's folder before it runs a script.
 */
export const startedFrom = () => process.env['INIT_CWD'] ?? process.cwd();

/**
 * The head of every entry script: an error is told in words, without a stack.
 * @param {() => Promise<void>} entry
 */
export async function begin(entry) {
  try {
    await entry();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
