import { Problem } from '../../../shared/problem.ts';
import { type Mount, mountArguments } from '../bubblewrap/mounts.ts';
import { namespaceArguments } from '../bubblewrap/namespaces.ts';
import type { Bubblewrap } from '../bubblewrap/find-bubblewrap.ts';
import type { Account } from './account.ts';
import { helperInside } from './layout.ts';
import { places } from './begin-program.ts';
import { type ContainedProcess, startProcess } from './process.ts';
import { asAccount, type Staged } from './staging.ts';
import type { Starter } from './starter.ts';

export interface SandboxProcess {
  readonly bubblewrap: Bubblewrap;
  readonly mounts: readonly Mount[];
  readonly name: string;
  readonly account: Account | null;
  readonly terminal: number | null;
  /** What the helper mounts before it runs bubblewrap. */
  readonly staged: Staged | null;
  readonly helper: string;
  readonly starter: Starter | null;
}

/** Starts bubblewrap; its arguments go through a descriptor, out of sight of `ps`. */
export function startSandboxProcess(sandbox: SandboxProcess): ContainedProcess {
  const given: (number | Uint8Array)[] = [];
  const give = (what: number | Uint8Array) => places.first + given.push(what) - 1;
  const hidden = [
    ...namespaceArguments(sandbox.bubblewrap),
    ...mountArguments(sandbox.mounts, give, sandbox.bubblewrap.bindsByDescriptor),
    '--remount-ro',
    '/',
    '--chdir',
    '/',
  ];
  const bubblewrap = ['--args', String(places.arguments), '--', helperInside, 'serve'];
  const { name, terminal, account, starter, helper } = sandbox;
  const { path } = sandbox.bubblewrap;
  const shared = { name, hidden, terminal, given };
  const staged = sandbox.staged ?? becoming(sandbox);
  if (!staged) return startProcess({ ...shared, file: path, argv: bubblewrap, account }, starter);
  const numbers = staged.descriptors.map(give);
  const words = staged.argv.map((each) =>
    each.replace(/^@(\d+)$/, (_, at: string) => String(numbers[Number(at)])),
  );
  const argv = ['stage', ...words, '--', path, name, ...bubblewrap];
  return startProcess({ ...shared, file: helper, argv, account: null }, starter);
}

/** A starter begins programs under this process's account: the helper becomes the other one. */
function becoming({ account, starter }: SandboxProcess): Staged | null {
  return account && starter ? { argv: asAccount(account), descriptors: [] } : null;
}

/** What bubblewrap's last words mean for a person. */
export function startProblemOf(said: string): Problem {
  const line = said.split('\n').findLast((each) => each.trim() !== '') ?? '';
  const short = line.slice(0, 400).replaceAll(/\p{Cc}/gu, '�');
  if (/namespace|uid map|setting up uid|Operation not permitted/i.test(line)) {
    return new Problem(
      'unavailable',
      `This machine does not let bubblewrap make a sandbox: ${short}`,
      'See `holdfast doctor`: it tells which switch of this system is in the way, and how to set it.',
    );
  }
  if (/Race condition|No such file or directory/i.test(line)) {
    return new Problem(
      'conflict',
      `A granted folder was replaced while the sandbox was being made: ${short}`,
      'Try again when nothing else is changing that folder.',
    );
  }
  if (/Can't find source path|Permission denied/i.test(line)) {
    return new Problem(
      'forbidden',
      `The sandbox's account cannot reach a folder that was granted: ${short}`,
      'Let that account pass through the folders above it (`chmod o+x`), or choose another one with `holdfast settings set sandbox.uid UID`.',
    );
  }
  return new Problem('unavailable', `The sandbox could not be made${short ? `: ${short}` : '.'}`);
}
