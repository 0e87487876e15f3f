import { closeSync, constants, openSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { dirname, join, resolve } from 'node:path';
import { newId } from '../../base/ids.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { FolderMode } from '../../../shared/session.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { Command, CommandEnd, Executor, Sandbox, SandboxPlan } from '../sandbox.ts';

/** Folders for one test file, owned by the account that its sandboxes run under. */
export interface SandboxHouse {
  readonly folder: string;
  readonly executor: Executor;
  readonly uid: number;
  /** With whatever folders lead to it, all the account's own. */
  newFolder(...names: string[]): Promise<string>;
  /** A file of the account's own. */
  put(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** A started sandbox; torn down at the latest when the house closes. */
  start(wish?: PlanWish): Promise<Sandbox>;
  /** A started sandbox without folders, the same for whoever asks; it stays until the house closes. */
  plain(): Promise<Sandbox>;
  /** The same with two folders, one that it reads and one that it writes; each who asks is given one of their own there. */
  sharing(mode: 'ro' | 'rw'): Promise<{ sandbox: () => Promise<Sandbox>; folder: string }>;
  plan(wish?: PlanWish): Promise<SandboxPlan>;
  /** Tears down what was started since the last time. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface PlanWish extends Partial<Omit<SandboxPlan, 'folders' | 'limits'>> {
  readonly folders?: readonly { path: string; mode: FolderMode; reviewed?: boolean }[];
  readonly limits?: Partial<SandboxPlan['limits']>;
}

const pathOnly = 0o10_000_000;

export async function openSandboxHouse(
  uid: number,
  make: (data: string) => Promise<Executor>,
): Promise<SandboxHouse> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-sandbox-')));
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const executor = await make(data);
  const sandboxes: Sandbox[] = [];
  const fds: number[] = [];
  let folders = 0;

  const newFolder = async (...names: string[]) => {
    const path = names.length > 0 ? resolve(folder, ...names) : join(folder, `folder-${++folders}`);
    await mkdir(path, { recursive: true });
    for (let at = path; at !== folder; at = dirname(at)) await chown(at, uid, uid);
    return path;
  };
  const put = async (path: string, content: string | Uint8Array, mode = 0o644) => {
    await writeFile(path, content, { mode });
    if (process.getuid?.() === 0) await chown(path, uid, uid);
  };
  const plan = async ({ folders: granted = [], limits, ...rest }: PlanWish = {}): Promise<SandboxPlan> => {
    const session = newId('session', new Date());
    const own = join(data, 'sessions', session);
    await mkdir(join(own, 'kept'), { recursive: true });
    const opened = granted.map((each) => {
      const fd = openSync(each.path, pathOnly | constants.O_DIRECTORY);
      fds.push(fd);
      return { ...each, fd };
    });
    return {
      session,
      egress: null,
      loopback: false,
      unixSockets: false,
      image: null,
      terminal: null,
      environment: {},
      secrets: {},
      masked: [data],
      scratch: join(data, 'sandboxes', session),
      kept: join(own, 'kept'),
      ...rest,
      folders: opened,
      limits: { ...sandboxLimitsSchema.parse({ scratchBytes: 64 << 20, processes: 64 }), ...limits },
    };
  };
  const clear = async () => {
    await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.teardown()));
    for (const fd of fds.splice(0)) closeSync(fd);
  };
  const startOne = async (wish?: PlanWish) => {
    const prepared = await executor.prepare(await plan(wish), new AbortController().signal);
    return prepared.start();
  };
  let shared: Promise<Sandbox> | undefined;
  let sharing: Promise<Sandbox> | undefined;
  const startSharing = async () => {
    const each = ['ro', 'rw'] as const;
    const granted = each.map(async (mode) => ({ path: await newFolder(`shared-${mode}`), mode }));
    return startOne({ folders: await Promise.all(granted) });
  };
  return {
    folder,
    executor,
    uid,
    newFolder,
    put,
    plan,
    clear,
    start: async (wish) => {
      const sandbox = await startOne(wish);
      sandboxes.push(sandbox);
      return sandbox;
    },
    plain: () => (shared ??= startOne()),
    sharing: async (mode) => ({
      folder: await newFolder(`shared-${mode}`, `folder-${++folders}`),
      sandbox: () => (sharing ??= startSharing()),
    }),
    close: async () => {
      await clear();
      await Promise.all([(await shared)?.teardown(), (await sharing)?.teardown()]);
      await executor.close();
      await removeTree(folder);
    },
  };
}

export interface Ran {
  readonly end: CommandEnd;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end and takes all that it says. */
export async function ran(
  sandbox: Sandbox,
  argv: readonly string[],
  more: Partial<Command> = {},
): Promise<Ran> {
  const command = await sandbox.exec({ argv, ...more });
  command.endInput();
  const taken = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  for await (const { stream, bytes } of command.output) taken[stream].push(bytes);
  return {
    end: await command.ended,
    out: Buffer.concat(taken.stdout).toString(),
    err: Buffer.concat(taken.stderr).toString(),
  };
}

export const shell = (sandbox: Sandbox, script: string, more: Partial<Command> = {}): Promise<Ran> =>
  ran(sandbox, ['/bin/sh', '-c', script], more);

/** Asks inside until it is so: how long that takes is the machine's affair. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(20);
}

/** How many processes inside have this word as an argument. */
export async function countOf(sandbox: Sandbox, word: string): Promise<number> {
  // The script itself must not hold the word as it is looked for.
  const parted = `${word.slice(0, 1)}""${word.slice(1)}`;
  const { out } = await shell(
    sandbox,
    `n=0; for f in /proc/[0-9]*/cmdline; do tr '\\0' '\\n' <$f 2>/dev/null | grep -qx ${parted} && n=$((n+1)); done; echo $n`,
  );
  return Number(out.trim());
}
