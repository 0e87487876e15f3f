import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** By this Electron's own tools find the place of its fuses in the program. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
export const fuses = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/** What electron-builder needs of Electron to pack an app around it: a program with fuses, all as delivered. */
export async function makeEmptyElectron(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'locales'), { recursive: true });
  await mkdir(path.join(folder, 'resources'));
  const wire = Buffer.concat([Buffer.from([1, fuses.length]), Buffer.from('1'.repeat(fuses.length))]);
  await writeFile(
    path.join(folder, 'electron'),
    Buffer.concat([Buffer.from(`#!/bin/sh\nexit 1\n${sentinel}`), wire]),
  );
  await chmod(path.join(folder, 'electron'), 0o755);
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html'])
    await writeFile(path.join(folder, name), '');
}

/** Which fuses are on in a program. */
export function readFuses(program: Buffer): Record<string, boolean> {
  const wire = program.indexOf(sentinel) + sentinel.length + 2;
  return Object.fromEntries(fuses.map((name, index) => [name, program[wire + index] === 0x31]));
}
