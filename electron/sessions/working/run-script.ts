import { Problem } from '../../../shared/problem.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

export interface Script {
  readonly text: string;
  /** $1 and so on. */
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Hears what it writes; without one, the last 4 MiB are kept. */
  readonly into?: (bytes: Uint8Array) => Promise<void>;
}

export interface Said {
  readonly code: number;
  readonly out: Buffer;
  /** The last of its complaints. */
  readonly err: string;
}

const mostOut = 4 << 20;
const mostErr = 8 << 10;

/** Nothing of a repository's own configuration is trusted; this is what stands in the place of the person's. */
const gitConfiguration = `[safe]
	directory = *
[core]
	hooksPath = /dev/null
	fsmonitor = false
	untrackedCache = false
	quotePath = true
[gc]
	auto = 0
[maintenance]
	auto = false
[submodule]
	recurse = false
[fetch]
	recurseSubmodules = false
[advice]
	detachedHead = false
[protocol]
	allow = never
[protocol "file"]
	allow = always
[protocol "https"]
	allow = always
[protocol "http"]
	allow = always
[protocol "git"]
	allow = always
[http]
	lowSpeedLimit = 500
	lowSpeedTime = 60
[user]
	name = Holdfast
	email = holdfast@localhost
`;

const gitEnvironment = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/tmp/holdfast-gitconfig',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_ATTR_NOSYSTEM: '1',
};

/** Runs a script of Holdfast's own, in which git may be used, to its end. What it says is bounded, and untrusted. */
export async function runScript(sandbox: Sandbox, script: Script): Promise<Said> {
  const { text, words = [], environment = {}, cwd, timeoutMs, signal, into } = script;
  await giveConfiguration(sandbox);
  const command = await sandbox.exec({
    argv: ['/bin/sh', '-c', text, 'sh', ...words],
    environment: { ...gitEnvironment, ...environment },
    cwd: cwd ?? '/tmp',
    timeoutMs,
  });
  const cancel = () => command.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  command.endInput();
  const kept = { stdout: new Tail(mostOut), stderr: new Tail(mostErr) };
  try {
    for await (const { stream, bytes } of command.output) {
      if (stream === 'stdout' && into) await into(bytes);
      else kept[stream].add(bytes);
    }
  } catch (thrown) {
    cancel();
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  const end = await command.ended;
  const err = kept.stderr.all().toString().trim();
  if (signal?.aborted) throw new Problem('cancelled', 'It was ended meanwhile.');
  switch (end.how) {
    case 'exited':
      return { code: end.code, out: kept.stdout.all(), err };
    case 'timed_out':
      throw new Problem('unavailable', `It was not done after ${timeoutMs / 60_000} minutes.`, 'Try again.');
    case 'not_started':
      throw new Problem('unavailable', 'There is no shell in /bin/sh.', 'Install one.');
    case 'signalled':
      throw new Problem('unavailable', `It was ended by signal ${end.signal}. ${err}`.trim());
    case 'cancelled':
      throw new Problem('cancelled', 'It was ended meanwhile.');
    case 'lost':
      throw new Problem('unavailable', `Its sandbox went away: ${end.reason}.`, 'Try again.');
  }
}

async function giveConfiguration({ files }: Sandbox): Promise<void> {
  const bytes = Buffer.from(gitConfiguration);
  await files.write(gitEnvironment.GIT_CONFIG_GLOBAL, bytes, { how: 'replace', mode: 0o600 });
}

/** Where git itself is missing, its shell says so with this code. */
export function refuseWithoutGit({ code, err }: Said): void {
  if (code !== 127 || !/git.*not found/.test(err)) return;
  throw new Problem(
    'unavailable',
    'There is no git on this machine.',
    'Install it, for example with `sudo apt install git`.',
  );
}

class Tail {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes <= 2 * this.#most) return;
    this.#pieces = [Buffer.from(this.all())];
    this.#bytes = this.#most;
  }

  all(): Buffer {
    return Buffer.concat(this.#pieces).subarray(-this.#most);
  }
}
