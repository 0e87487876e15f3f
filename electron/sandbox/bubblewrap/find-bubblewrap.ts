import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '../../../shared/problem.ts';
import { findProgram } from '../../base/find-program.ts';

const run = promisify(execFile);

/** The bubblewrap of this machine and what its version can. */
export interface Bubblewrap {
  readonly path: string;
  readonly version: string;
  /** Binds a folder and compares what it bound with an open descriptor; without it the sandbox compares by itself. */
  readonly bindsByDescriptor: boolean;
  /** Forbids the sandbox further user namespaces by the kernel's own count, beside the filter. */
  readonly disablesUserns: boolean;
}

const bubblewrapMend =
  'Install it, for example with `sudo apt install bubblewrap`, or use a container (`--sandbox container`).';

/** Least: tmpfs sizes and file modes, as of 0.5.0. */
const needed = ['--size', '--perms', '--args', '--die-with-parent', '--remount-ro', '--clearenv'];

/** Asks the program itself. Refuses where it is missing or too old. */
export async function findBubblewrap(searchPath: string | undefined): Promise<Bubblewrap> {
  const path = await findProgram('bwrap', searchPath);
  if (path === undefined) {
    throw new Problem(
      'unavailable',
      'bubblewrap, which makes namespace sandboxes, is missing.',
      bubblewrapMend,
    );
  }
  return askBubblewrap(path);
}

export async function askBubblewrap(path: string): Promise<Bubblewrap> {
  const environment = { env: {}, timeout: 10_000 };
  const [version, help] = await Promise.all([
    run(path, ['--version'], environment),
    run(path, ['--help'], environment),
  ]).catch((thrown: unknown) => {
    throw new Problem('unavailable', `${path} cannot be asked what it can.`, bubblewrapMend, {
      cause: thrown,
    });
  });
  const options = new Set((help.stdout + help.stderr).match(/--[a-z][a-z0-9-]+/g));
  const lacking = needed.filter((option) => !options.has(option));
  const number = /\d+(\.\d+)+/.exec(version.stdout)?.[0] ?? 'unknown';
  if (lacking.length > 0) {
    throw new Problem(
      'unavailable',
      `bubblewrap ${number} is too old: it lacks ${lacking.join(', ')}.`,
      'Install version 0.5 or later, or use a container (`--sandbox container`).',
    );
  }
  return {
    path,
    version: number,
    bindsByDescriptor: options.has('--bind-fd') && options.has('--ro-bind-fd'),
    disablesUserns: options.has('--disable-userns'),
  };
}
