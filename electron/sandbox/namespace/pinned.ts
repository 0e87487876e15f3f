import { closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import { Problem } from '../../../shared/problem.ts';

export interface Identity {
  readonly device: bigint;
  readonly inode: bigint;
}

/** Which thing a descriptor is open on, whatever it is called. */
export function identityOf(fd: number): Identity {
  const { dev: device, ino: inode } = fstatSync(fd, { bigint: true });
  return { device, inode };
}

export const sameIdentity = (one: Identity, other: Identity) =>
  one.device === other.device && one.inode === other.inode;

/** Descriptors of places that are bound later; whoever asked for them closes them. */
export class Pinned {
  readonly #fds: number[] = [];

  /** Holds a place open that stands at exactly this path; refuses it where a link was put in the way meanwhile. */
  open(path: string): number {
    const oPath = 0o10_000_000;
    let fd: number;
    try {
      fd = openSync(path, oPath | constants.O_NOFOLLOW);
    } catch (thrown) {
      throw moved(path, thrown);
    }
    this.#fds.push(fd);
    if (readlinkSync(`/proc/self/fd/${fd}`) !== path) throw moved(path);
    return fd;
  }

  close(): void {
    for (const fd of this.#fds.splice(0)) closeSync(fd);
  }
}

function moved(path: string, cause?: unknown): Problem {
  return new Problem(
    'conflict',
    `${path} was moved or replaced while the sandbox was being made.`,
    'Try again when nothing else is changing that folder.',
    { cause },
  );
}
