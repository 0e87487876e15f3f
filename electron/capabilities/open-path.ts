import fs from 'node:fs';
import { posix } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import { byComparing } from './opening/by-comparing.ts';
import { byDescriptor, canOpenByDescriptor } from './opening/by-descriptor.ts';
import type { Opened, WayOfOpening } from './opening/way.ts';
import { bytesOf, fileName, RealPath } from './real-path.ts';

/** An open descriptor and where it really leads. Whoever opens one closes it, and acts on it alone, never on what was asked for. */
export interface OpenPath {
  readonly path: RealPath;
  /** Of the thing itself, or of the nearest folder above it that exists. */
  readonly fd: number;
  /** The names below that folder that do not exist yet, as bytes; they are made one by one, following nothing. */
  readonly missing: readonly Buffer[];
  close(): void;
}

/**
 * Opens whatever path an agent asks for; throws a Problem (`forbidden`, `invalid_input`) where it is not certain what
 * that is. Names are counted where the path is to be written: reading is allowed whatever their number.
 */
export type PathOpener = (asked: string | Uint8Array, options?: { countNames: boolean }) => OpenPath;

/** A folder's links may come and go while it is looked at; after so many tries it is refused. */
const attempts = 4;

/** The descriptor's own path where this machine can tell it (Linux with /proc), else by comparing, which docs/capabilities.md says more of. */
export function createPathOpener(
  way: 'descriptor' | 'comparison' = canOpenByDescriptor() ? 'descriptor' : 'comparison',
): PathOpener {
  if (process.platform === 'win32') {
    return () => {
      throw new Problem('unavailable', 'Paths cannot be granted on Windows yet.', 'Use a container.');
    };
  }
  const chosen = way === 'descriptor' ? byDescriptor : byComparing;
  return (asked, options) => openWith(chosen, asked, options?.countNames ?? false);
}

function openWith(way: WayOfOpening, asked: string | Uint8Array, countNames: boolean): OpenPath {
  const path = simplePath(asked);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = openNearest(way, path, countNames);
    if (found) return found;
  }
  throw unclear(path, 'it changes while it is looked at');
}

/** What `normalize` may change: a dot or a slash after a slash, a slash at the end. */
const unusual = /\/[./]|\/$/;

/** The path as a text without `.` and `..`, as aaOS does it; links are the file system's business after that. */
function simplePath(asked: string | Uint8Array): string {
  const bytes = typeof asked === 'string' ? bytesOf(asked) : Buffer.from(asked).toString('latin1');
  if (!bytes.startsWith('/')) {
    throw new Problem('invalid_input', `“${shown(bytes)}” is no whole path.`, 'Begin it with “/”.');
  }
  if (bytes.includes('\0')) throw new Problem('invalid_input', 'A path cannot contain a zero byte.');
  if (!unusual.test(bytes)) return bytes;
  const path = posix.normalize(bytes);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function openNearest(way: WayOfOpening, path: string, countNames: boolean): OpenPath | undefined {
  const missing: string[] = [];
  for (let nearest = path; ; nearest = posix.dirname(nearest)) {
    let opened: Opened;
    try {
      opened = way.open(nearest, missing.length > 0);
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENOENT' || nearest === '/') throw refusal(path, thrown);
      missing.unshift(posix.basename(nearest));
      continue;
    }
    const { real } = opened;
    const [first] = missing;
    if (real !== undefined && (first === undefined || isFree(way, opened, first, path))) {
      return asOpenPath(opened.fd, real, missing, countNames);
    }
    fs.closeSync(opened.fd);
    return undefined;
  }
}

/**
 * Whether nothing at all bears the first missing name. A link that leads nowhere bears it: to create
 * “through” it would create elsewhere, so that is refused.
 */
function isFree(way: WayOfOpening, opened: Opened, name: string, path: string): boolean {
  try {
    const entry = fs.lstatSync(fileName(way.entry(opened, name)), { throwIfNoEntry: false });
    if (!entry) return true;
    if (!entry.isSymbolicLink()) return false;
  } catch (thrown) {
    fs.closeSync(opened.fd);
    throw refusal(path, thrown);
  }
  fs.closeSync(opened.fd);
  throw unclear(path, 'a link on the way leads nowhere');
}

const none: readonly Buffer[] = [];

function asOpenPath(fd: number, real: string, missing: readonly string[], countNames: boolean): OpenPath {
  const there = missing.length === 0;
  const bytes = there ? real : `${real === '/' ? '' : real}/${missing.join('/')}`;
  const names = there ? (countNames ? namesOf(fd) : null) : 1;
  return {
    fd,
    path: new RealPath(bytes, names),
    missing: there ? none : missing.map((name) => Buffer.from(name, 'latin1')),
    close: () => fs.closeSync(fd),
  };
}

function namesOf(fd: number): number {
  const stats = fs.fstatSync(fd);
  return stats.isDirectory() ? 1 : stats.nlink;
}

function refusal(path: string, thrown: unknown): Problem {
  const reasons: Record<string, string> = {
    EACCES: 'Holdfast itself may not look there',
    EPERM: 'Holdfast itself may not look there',
    ELOOP: 'its links lead in a circle',
    ENOTDIR: 'a file is used as a folder in it',
    ENAMETOOLONG: 'it is too long',
  };
  return unclear(path, reasons[codeOf(thrown)] ?? `the system says ${codeOf(thrown)}`, thrown);
}

function unclear(path: string, why: string, cause?: unknown): Problem {
  return new Problem('forbidden', `“${shown(path)}” is refused: ${why}.`, 'Ask for another path.', { cause });
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : 'nothing';
}

function shown(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1')
    .toString('utf8')
    .replaceAll(/\p{Cc}/gu, '�');
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
