import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ManifestEntry } from './sealing.ts';

export interface Manifest {
  readonly format: 1;
  readonly session: string;
  readonly made: string;
  /** Of everything but itself and the proof: what it says of each is what was seen when it was sealed. */
  readonly entries: readonly ManifestEntry[];
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A line for each entry, so that two of them can be compared by eye. */
export function manifestText({ format, session, made, entries }: Manifest): string {
  const counts = { count: entries.length, bytes: sizeOf(entries) };
  const head = JSON.stringify({ format, session, made, ...counts }).slice(0, -1);
  const lines = entries.map((entry) => `  ${JSON.stringify(entry)}`);
  return `${head},"entries":[\n${lines.join(',\n')}\n]}\n`;
}

export function sizeOf(entries: readonly ManifestEntry[]): number {
  return entries.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

/** A new file of ours, read-only and on the disk when this resolves. */
export async function writeSealed(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o444);
  try {
    await file.writeFile(text);
    await file.chmod(0o444);
    await file.sync();
  } finally {
    await file.close();
  }
}
