import { open, rm } from 'node:fs/promises';
import { Problem } from '../../../shared/problem.ts';
import { fileSystemTime, type KeptFolder, partsOf } from './kept-folder.ts';
import type { GrantedFolder, PreparedSandbox, Sandbox, SandboxPlan } from '../sandbox.ts';
import type { OwnPlace } from '../own-work.ts';
import { ownCommand } from './own-command.ts';

interface CopyNeeds {
  readonly plan: SandboxPlan;
  readonly folder: GrantedFolder;
  readonly place: string;
  /** A large folder takes its time. */
  readonly signal: AbortSignal;
  /** Makes another sandbox ready, with folders of Holdfast's own in it. */
  readonly prepare: (plan: SandboxPlan, own: readonly OwnPlace[]) => Promise<PreparedSandbox>;
}

const keptInside = '/kept';

/**
 * Where no overlay can be laid: a copy, made in a sandbox without a network, as a clone where the file system shares
 * blocks between files. What the original held is written down beside it.
 */
export async function copyForReview(what: CopyNeeds): Promise<Pick<KeptFolder, 'way' | 'copiedNs'>> {
  const { plan, folder, place, signal, prepare } = what;
  const { own, upper, work, names } = partsOf(plan.kept, { place });
  await Promise.all([upper, work].map((path) => rm(path, { recursive: true, force: true })));
  const prepared = await prepare(
    {
      ...plan,
      folders: [{ ...folder, mode: 'ro' }],
      image: null,
      // What holds the session says nothing about the making of its copy.
      limits: { ...plan.limits, seconds: null, diskBytes: null, memoryBytes: null, cpus: null },
      egress: null,
      loopback: false,
      unixSockets: false,
      terminal: null,
      environment: {},
      secrets: {},
    },
    [{ path: own, at: keptInside, writable: true }],
  );
  try {
    const sandbox = await prepared.start();
    try {
      const way = await copyIn(sandbox, folder.path, signal);
      await writeNames(sandbox, names);
      return { way, copiedNs: String(await fileSystemTime(own)) };
    } finally {
      await sandbox.teardown();
    }
  } finally {
    await prepared.teardown();
  }
}

async function copyIn(sandbox: Sandbox, from: string, signal: AbortSignal): Promise<'clone' | 'copy'> {
  const to = `${keptInside}/copy`;
  const copy = (how: string) =>
    ownCommand(sandbox, ['cp', '-a', `--reflink=${how}`, '--one-file-system', '--', from, to], signal);
  if ((await copy('always')).well) return 'clone';
  await ownCommand(sandbox, ['rm', '-rf', '--', to], signal);
  const { well, said } = await copy('auto');
  if (well) return 'copy';
  throw new Problem(
    'storage_failed',
    `${from} could not be copied for review: ${said || 'cp failed'}`,
    'Give it read-only or for writing, or make all of it readable.',
  );
}

/** Every path of the copy, each ended by a zero byte. */
async function writeNames(sandbox: Sandbox, names: string): Promise<void> {
  const file = await open(names, 'w', 0o600);
  try {
    for await (const { path } of sandbox.files.walk(`${keptInside}/copy`)) {
      await file.write(Buffer.concat([path, Buffer.of(0)]));
    }
  } finally {
    await file.close();
  }
}
