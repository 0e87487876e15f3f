import { constants } from 'node:fs';
import { open, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findProgram } from './find-program.ts';

export interface ProgramPlaces {
  readonly path: string;
  readonly version: string | null;
  /** What a sandbox does not show by itself. */
  readonly folders: readonly string[];
  /** Where what it is interpreted by lies. */
  readonly programs: readonly string[];
}

const mostPackageBytes = 262_144;
const interpreter = /^#!\s*(?:\/usr)?\/bin\/env\s+(?:-S\s+)?([\w.-]+)/;

/** Where a program lies, with what it needs beside it. It is looked at and never run. */
export async function programPlaces(
  name: string,
  searchPath: string | undefined,
  packageName: string | undefined,
): Promise<ProgramPlaces | null> {
  const found = await findProgram(name, searchPath);
  if (found === undefined) return null;
  const real = await realpath(found);
  // A folder may be entered, which looks like being executable.
  if (!(await stat(real)).isFile()) return null;
  const [, needed] = interpreter.exec(await beginning(real)) ?? [];
  const interpreted = needed === undefined ? undefined : await findProgram(needed, searchPath);
  const by = interpreted === undefined ? [] : [await realpath(interpreted)];
  return {
    path: real,
    version: await versionOf(real, packageName),
    folders: [...new Set([real, ...by].flatMap(placesOf))],
    programs: by.map((path) => dirname(path)),
  };
}

/** Everything below /usr is in each sandbox of the machine’s own files. */
function placesOf(real: string): string[] {
  if (real.startsWith('/usr/')) return [];
  const [, modules] = /^(.*?\/node_modules)\//.exec(real) ?? [];
  return [modules ?? dirname(real)];
}

async function beginning(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function versionOf(real: string, packageName: string | undefined): Promise<string | null> {
  const steps = real.split('/').slice(0, -1);
  for (; steps.length > 1 && steps.at(-1) !== 'node_modules'; steps.pop()) {
    const said = packageName === undefined ? null : await packageOf(steps.join('/'));
    if (said && said.name === packageName) return said.version;
  }
  // Installers that keep several beside one another name each by its version.
  const named = real.split('/').findLast((step) => /^v?\d+\.\d+\.\d+(?:[-+.][\w.]+)?$/.test(step));
  return named?.replace(/^v/, '') ?? null;
}

async function packageOf(folder: string): Promise<{ name: string; version: string } | null> {
  try {
    const text = await readFile(join(folder, 'package.json'), 'utf8');
    if (text.length > mostPackageBytes) return null;
    const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown };
    return typeof name === 'string' && typeof version === 'string' && /^[\w.+-]{1,80}$/.test(version)
      ? { name, version }
      : null;
  } catch {
    return null;
  }
}
