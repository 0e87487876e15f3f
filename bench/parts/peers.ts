/** What others do for the same: installed on first use below .cache, by exact version, without any script of theirs. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(import.meta.dirname, '..', '..', '.cache', 'bench-peers');
const runtime = '@anthropic-ai/sandbox-runtime';
const codex = '@openai/codex';
const versions = { [runtime]: '0.0.83', [codex]: '0.169.0' };

export interface Peer {
  readonly name: string;
  /** Runs `/bin/true` contained, once. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Those that can be had here; what cannot is told and left out. */
export async function peers(): Promise<Peer[]> {
  if (!install()) return [];
  return [await sandboxRuntime(), codexSandbox()];
}

function install(): boolean {
  if (existsSync(join(folder, 'node_modules', codex))) return true;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const names = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const how = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', ...names];
  const { status } = spawnSync('npm', how, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) console.log('The peers cannot be installed here: they are left out.');
  return status === 0;
}

interface Runtime {
  SandboxManager: {
    initialize(configuration: unknown): Promise<void>;
    wrapWithSandbox(command: string): Promise<string>;
    reset(): Promise<void>;
  };
}

async function sandboxRuntime(): Promise<Peer> {
  const entry = join(folder, 'node_modules', runtime, 'dist', 'index.js');
  const { SandboxManager: manager } = (await import(pathToFileURL(entry).href)) as Runtime;
  await manager.initialize({
    network: { allowedDomains: [], deniedDomains: [] },
    filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
  });
  return {
    name: `${runtime} ${versions[runtime]} as a library`,
    run: async () => ended(await manager.wrapWithSandbox('/bin/true'), [], { shell: true }),
    close: () => manager.reset(),
  };
}

function codexSandbox(): Peer {
  const platform = createRequire(join(folder, 'node_modules', codex, 'package.json')).resolve(
    `${codex}-linux-${process.arch}/package.json`,
  );
  const triple = process.arch === 'arm64' ? 'aarch64-unknown-linux-musl' : 'x86_64-unknown-linux-musl';
  const program = join(platform, '..', 'vendor', triple, 'bin', 'codex');
  const home = join(folder, 'codex-home');
  mkdirSync(home, { recursive: true });
  const env = { ...process.env, CODEX_HOME: home };
  return {
    name: `${codex} ${versions[codex]}, its native binary`,
    run: () => ended(program, ['sandbox', '--', '/bin/true'], { env }),
    close: () => Promise.resolve(),
  };
}

/** Runs to its end; anything but success is an error of the measurement. */
export async function ended(
  command: string,
  args: readonly string[],
  options: { shell?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  const child = spawn(command, args, { ...options, stdio: 'ignore' });
  child.once('error', reject);
  child.once('close', (code) =>
    code === 0 ? done() : reject(new Error(`${command} ended with ${String(code)}`)),
  );
  await promise;
}
