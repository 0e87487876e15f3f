import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import type { Session } from '../../../shared/session.ts';
import { workWishSchema } from '../../../shared/work.ts';
import { Agents } from '../../agents/agents.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import type { Executor } from '../../sandbox/sandbox.ts';
import { createNamespaceExecutor } from '../../sandbox/namespace-executor.ts';
import { sandboxAccount } from '../../sandbox/sandbox-account.ts';
import type { WorkParts } from '../work-parts.ts';
import { WorkSessions } from '../work-sessions.ts';
import { operator, someSessions } from './some-sessions.ts';

const environment = { PATH: process.env['PATH'] };

/** Git of this machine with nothing of this machine's people. */
export function git(folder: string, ...words: readonly string[]): string {
  const own = ['-c', 'safe.directory=*', '-c', 'user.name=Me', '-c', 'user.email=me@example.org'];
  return execFileSync('git', [...own, ...words], {
    cwd: folder,
    env: { ...environment, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A repository with one commit of these files. */
export function repository(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  give(folder);
  return folder;
}

/** To the account of root's sandboxes. */
export function give(folder: string): void {
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', folder]);
}

/** Command agents over a real record and real sandboxes. */
export async function someWork(
  more: { container?: (data: string) => Executor; parts?: Partial<WorkParts> } = {},
) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-work-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const needs = { clock: systemClock, log: silentLog(), data, environment, uid: () => null };
  const namespace = createNamespaceExecutor(needs);
  onTestFinished(() => namespace.close());
  const container = more.container?.(data);
  if (container) onTestFinished(() => container.close());
  const some = await someSessions({ executor: container ?? namespace, folder });
  const bundled = fileURLToPath(new URL('../../../resources/agents', import.meta.url));
  const agents = new Agents({ bundled, own: join(folder, 'agents') });
  mkdirSync(join(folder, 'agents'));
  const parts: WorkParts = {
    ...some.parts,
    executor: (kind) => Promise.resolve(kind === 'container' && container ? container : namespace),
    sessions: some.sessions,
    agents,
    settings: () => some.record.settings(),
    images: null,
    door: null,
    mcp: null,
    openOwn: namespace.openOwn,
    account: () => sandboxAccount(needs),
    records: null,
    ...more.parts,
  };
  const work = await WorkSessions.open(parts);
  onTestFinished(() => work.close());
  return { ...some, folder, data, agents, work, parts, namespace, ...acting(some, work, folder) };
}

function acting(some: Awaited<ReturnType<typeof someSessions>>, work: WorkSessions, folder: string) {
  /** Declares an agent whose command is this script. */
  const declare = (name: string, script: string, more = '') =>
    writeFileSync(
      join(folder, 'agents', `${name}.yaml`),
      `name: ${name}\ncommand:\n  argv: ${JSON.stringify(['/bin/sh', '-c', script])}\n${more}`,
    );
  const start = (wanted: z.input<typeof workWishSchema>) =>
    work.start(workWishSchema.parse(wanted), operator);
  const run = async (wanted: z.input<typeof workWishSchema>): Promise<Session> => {
    const { id } = await start(wanted);
    return ended(some, id);
  };
  return { declare, start, run, ended: (id: string) => ended(some, id) };
}

/** Waits until a session is over and put away. */
async function ended(
  { sessions }: Pick<Awaited<ReturnType<typeof someSessions>>, 'sessions'>,
  id: string,
): Promise<Session> {
  const watching = new AbortController();
  try {
    const seen = sessions.watch(watching.signal);
    const first = seen.next();
    if (sessions.get(id).state === 'ended') return sessions.get(id);
    for (let next = await first; !next.done; next = await seen.next()) {
      if (next.value.id === id && next.value.state === 'ended') return next.value;
      if (sessions.get(id).state === 'ended') return sessions.get(id);
    }
  } finally {
    watching.abort();
  }
  throw new Error('nobody told its end');
}

export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const failure = await call.catch((thrown: unknown) => Problem.of(thrown));
  if (failure instanceof Problem) return failure;
  throw new Error('it succeeded');
}
