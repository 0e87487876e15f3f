import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Egress } from '../../egress.ts';
import { filterArchitecture, filterFor } from '../../filter/filter.ts';
import { needHelper } from '../find-helper.ts';
import type { Confinement, Helper } from '../helper.ts';
import { startHelper } from '../start-helper.ts';

/** Looks until it is so; the test's own bound ends what never comes. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A folder of this test’s own, removed with all that is in it. */
export function ownFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-helper-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const system = ['/usr', '/bin', '/lib', '/lib64', '/etc'].filter((path) => {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
});

/** What a helper gets that stands alone in this machine’s own namespaces: Landlock and the filter hold it in. */
export function confinementFor(wish: Partial<Confinement> & { readonly inet?: boolean } = {}): Confinement {
  const { inet = false, ...rest } = wish;
  return {
    write: [],
    execute: system,
    devices: ['/dev/null', '/dev/zero', '/dev/urandom'],
    always: [...system, '/proc', '/dev/null', '/dev/zero', '/dev/urandom'],
    landlock: 4,
    filter: filterFor({ arch: filterArchitecture(), inet, unix: false }),
    rlimits: { core: 0 },
    proxyPort: null,
    terminal: false,
    home: '/',
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    ...rest,
    read: [...(rest.read ?? []), '/proc'],
  };
}

export interface BareHelper {
  readonly helper: Helper;
  readonly process: ChildProcess;
  /** Why it was killed, each time. */
  readonly killed: string[];
  readonly exited: Promise<number | NodeJS.Signals>;
}

/** The real helper without a sandbox around it. It is gone when the test is over. */
export function startBare(
  confinement: Confinement,
  { egress = null, program = needHelper() }: { egress?: Egress | null; program?: string } = {},
): BareHelper {
  const child = spawn(program, ['serve'], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const killed: string[] = [];
  const exited = once(child, 'close').then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  onTestFinished(async () => {
    child.stdin.destroy();
    await exited;
  });
  const helper = startHelper(
    {
      toHelper: child.stdin,
      fromHelper: child.stdout,
      kill: (why) => {
        killed.push(why);
        child.kill('SIGKILL');
      },
    },
    confinement,
    egress,
  );
  return { helper, process: child, killed, exited };
}
