import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { Problem } from '../../../shared/problem.ts';
import { findCompiled } from '../helper/find-helper.ts';

/** What resources/starter offers; negative numbers are errors. */
interface NativePart {
  start(file: string, words: readonly string[], descriptors: readonly number[]): number;
  ended(pid: number): number | null | undefined;
  pair(): [number, number] | number;
  filled(bytes: Uint8Array): number;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface StartedProgram {
  /** It is nobody else's until the end is told. */
  readonly pid: number;
  readonly ended: Promise<ProgramEnd>;
}

/** The signals that programs end by, by number. */
const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/**
 * Begins programs at a cost that does not grow with this process's memory: Node's own way copies what describes that,
 * and stands still meanwhile. Whoever opened a descriptor closes it.
 */
export class Starter {
  readonly #native: NativePart;
  readonly #awaited = new Map<number, (end: ProgramEnd) => void>();
  readonly #look = () => {
    for (const [pid, tell] of this.#awaited) {
      const end = this.#native.ended(pid);
      if (end === undefined) continue;
      this.#awaited.delete(pid);
      tell(endOf(end));
    }
    if (this.#awaited.size === 0) process.off('SIGCHLD', this.#look);
  };

  constructor(native: NativePart) {
    this.#native = native;
  }

  /** Each descriptor has there the number that is its place in the list; a negative one is none. */
  start(file: string, words: readonly string[], descriptors: readonly number[]): StartedProgram {
    const pid = checked(this.#native.start(file, words, descriptors), file);
    const { promise: ended, resolve } = Promise.withResolvers<ProgramEnd>();
    if (this.#awaited.size === 0) process.on('SIGCHLD', this.#look);
    this.#awaited.set(pid, resolve);
    // It may have ended before this process listened.
    setImmediate(this.#look);
    return { pid, ended };
  }

  /** Two that are connected with each other. */
  pair(): [number, number] {
    const both = this.#native.pair();
    return typeof both === 'number' ? [checked(both, 'a connection'), 0] : both;
  }

  /** One from which these bytes are read. */
  filled(bytes: Uint8Array): number {
    return checked(this.#native.filled(bytes), 'a file in memory');
  }
}

function endOf(end: number | null): ProgramEnd {
  if (end === null) return { code: null, signal: null };
  return end < 0
    ? { code: null, signal: signalNames.get(-end) ?? String(-end) }
    : { code: end, signal: null };
}

function checked(answer: number, what: string): number {
  if (answer >= 0) return answer;
  throw new Problem('unavailable', `The sandbox could not be made: ${what}, ${getSystemErrorName(answer)}.`);
}

let known: Starter | null | undefined;

/**
 * Null where it was not compiled, in threads, which hear of no ends, and in Electron, where Chromium looks after
 * signals as well: Node's own way is taken then.
 */
export function loadStarter(): Starter | null {
  known ??= isMainThread && process.versions['electron'] === undefined ? load() : null;
  return known;
}

function load(): Starter | null {
  const path = findCompiled('holdfast-starter.node');
  if (path === undefined) return null;
  try {
    return new Starter(createRequire(import.meta.url)(path) as NativePart);
  } catch {
    return null;
  }
}
