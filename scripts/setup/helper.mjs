// What is written in C and C++, made with the system's own compiler: the helper that lives inside sandboxes, what
// starts those quickly, and the part of node-pty that opens terminals. Without a compiler everything else still
// starts, and it is said what lacks.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { contentsOf, isUnchanged, listFiles, readStamp, timesOf, writeStamp } from './stamp.mjs';

/**
 * @typedef {{ name: string, compiler: string[], sources: (root: string) => string[],
 *   arguments: (root: string, output: string) => string[], output: string }} Product
 */

const day = 24 * 60 * 60 * 1000;

const warnings = ['-Wall', '-Wextra', '-Wshadow'];
const hardening = ['-fstack-protector-strong', '-D_FORTIFY_SOURCE=2', '-Wl,-z,relro,-z,now,-z,noexecstack'];

/**
 * @param {string} root
 * @param {string} place
 * @param {RegExp} which
 */
const below = (root, place, which) => listFiles(root, [place], (file) => which.test(file));

/** @type {Product} */
const helper = {
  name: 'the helper for sandboxes',
  compiler: ['cc', 'gcc', 'clang'],
  sources: (root) => below(root, 'resources/helper', /\.[ch]$/),
  // Static: it runs in any image, whatever libraries that has.
  arguments: (root, output) => [
    '-std=c11',
    '-D_GNU_SOURCE=',
    '-O2',
    ...warnings,
    ...hardening,
    '-static',
    '-s',
    '-o',
    output,
    ...below(root, 'resources/helper', /\.c$/),
  ],
  output: 'out/helper/holdfast-helper',
};

const nodeHeaders = 'node_modules/node-api-headers/include';

/** @type {Product} */
const starter = {
  name: 'the quick start of sandboxes',
  compiler: ['cc', 'gcc', 'clang'],
  sources: (root) => [...below(root, 'resources/starter', /\.[ch]$/), `${nodeHeaders}/node_api.h`],
  arguments: (root, output) => [
    '-std=c11',
    '-O2',
    '-shared',
    '-fPIC',
    ...warnings,
    ...hardening,
    `-I${path.join(root, nodeHeaders)}`,
    '-s',
    '-o',
    output,
    ...below(root, 'resources/starter', /\.c$/),
  ],
  output: 'out/helper/holdfast-starter.node',
};

/** @param {string} root */
const headersOfNodePty = (root) => {
  const own = createRequire(path.join(root, 'node_modules/node-pty/package.json'));
  return [path.join(root, nodeHeaders), path.dirname(own.resolve('node-addon-api/napi.h'))];
};

/** @type {Product} */
const terminals = {
  name: 'the terminals of node-pty',
  compiler: ['c++', 'g++', 'clang++'],
  sources: () => ['node_modules/node-pty/src/unix/pty.cc', 'node_modules/node-pty/package.json'],
  arguments: (root, output) => [
    '-std=c++17',
    '-O2',
    '-shared',
    '-fPIC',
    '-DNAPI_CPP_EXCEPTIONS',
    '-DNODE_GYP_MODULE_NAME=pty',
    ...hardening,
    ...headersOfNodePty(root).map((folder) => `-I${folder}`),
    '-s',
    '-o',
    output,
    'node_modules/node-pty/src/unix/pty.cc',
    '-lutil',
  ],
  output: 'node_modules/node-pty/build/Release/pty.node',
};

/** @param {Product} product */
const stampOf = (product) => `${product.output}.json`;

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 */
function isOnPath(command, env) {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.some((folder) => fs.existsSync(path.join(folder, command)));
}

/** @param {string} root */
const productsIn = (root) =>
  process.platform === 'linux'
    ? [helper, starter, terminals].filter(
        (product) =>
          product.sources(root).length > 0 &&
          product.sources(root).every((file) => fs.existsSync(path.join(root, file))),
      )
    : [];

/**
 * @param {string} root
 * @param {Product} product
 */
const isMade = (root, product) =>
  fs.existsSync(path.join(root, product.output)) &&
  isUnchanged(root, product.sources(root), path.join(root, stampOf(product)));

/**
 * @param {Product} product
 * @param {NodeJS.ProcessEnv} env
 */
const compilerFor = (product, env) => product.compiler.find((command) => isOnPath(command, env)) ?? 'none';

/**
 * What cannot be made is told once a day, or when the sources or the compiler are others.
 * @param {string} root
 * @param {Product} product
 */
const failureOf = (root, product) => path.join(root, `${product.output}.failed.json`);

/**
 * @param {string} root
 * @param {Product} product
 * @param {NodeJS.ProcessEnv} env
 */
function isToBeMade(root, product, env) {
  if (isMade(root, product)) return false;
  const failure = readStamp(failureOf(root, product));
  return (
    failure['contents'] !== contentsOf(root, product.sources(root)) ||
    failure['compiler'] !== compilerFor(product, env) ||
    Date.now() - Number(failure['failed']) > day
  );
}

/**
 * Whether nothing is left to try here.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export const isCompiled = (root, env = process.env) =>
  !productsIn(root).some((product) => isToBeMade(root, product, env));

/**
 * @param {string} root
 * @param {Product} product
 * @param {string} compiler
 * @returns {string | undefined} what the compiler said where it failed
 */
function make(root, product, compiler) {
  const output = path.join(root, product.output);
  const beside = `${output}.${process.pid}`;
  const files = product.sources(root);
  const stamp = { times: timesOf(root, files), contents: contentsOf(root, files) };
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const done = spawnSync(compiler, product.arguments(root, beside), { cwd: root, encoding: 'utf8' });
  if (done.status !== 0) {
    fs.rmSync(beside, { force: true });
    return done.error?.message ?? done.stderr.trim();
  }
  // A running helper keeps the file it was started from.
  fs.renameSync(beside, output);
  writeStamp(path.join(root, stampOf(product)), stamp);
  return undefined;
}

/**
 * Makes what is missing or older than its sources. A failure is told and stops nothing: what needs the product
 * refuses its own work, and says why.
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {NodeJS.ProcessEnv} env
 */
export function compile(root, say, env = process.env) {
  for (const product of productsIn(root)) {
    if (!isToBeMade(root, product, env)) continue;
    const compiler = compilerFor(product, env);
    const failed =
      compiler === 'none'
        ? 'There is no compiler: sudo apt install g++, then start again.'
        : make(root, product, compiler);
    if (failed === undefined) continue;
    say(`Not made: ${product.name}. ${failed}`);
    const contents = contentsOf(root, product.sources(root));
    writeStamp(failureOf(root, product), { contents, compiler, failed: Date.now() });
  }
}
