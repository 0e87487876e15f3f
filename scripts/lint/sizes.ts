import fs from 'node:fs';
import path from 'node:path';

export interface Size {
  file: string;
  lines: number;
}

const skipped = new Set(['node_modules', 'out', 'dist', 'test-results']);

/** The lines of every TypeScript file below a folder; folders that git does not track are left out. */
export function measure(root: string): Size[] {
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const file = path.join(root, entry.name);
      if (entry.isDirectory()) return measure(file);
      return /\.tsx?$/.test(entry.name) ? [{ file, lines: countLines(fs.readFileSync(file, 'utf8')) }] : [];
    });
}

export function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** The smallest size that at least this share of the files does not exceed. */
export function percentile(sizes: readonly Size[], share: number): number {
  const ordered = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)] ?? 0;
}
