import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface SmallTree {
  /** Its real path. */
  readonly root: string;
  readonly granted: string;
  readonly secret: string;
}

/** What must never be read through a grant on `granted`. */
export const secretText = 'what lies outside';

/** A real folder that is granted beside one that is not, gone when the test is over. */
export function smallTree(place = tmpdir()): SmallTree {
  const root = fs.realpathSync(fs.mkdtempSync(join(place, 'holdfast-paths-')));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  const tree = { root, granted: join(root, 'granted'), secret: join(root, 'granted-not') };
  fs.mkdirSync(join(tree.granted, 'a/b'), { recursive: true });
  fs.mkdirSync(join(tree.secret, 'b'), { recursive: true });
  fs.writeFileSync(join(tree.granted, 'a/b/file'), 'inside');
  fs.writeFileSync(join(tree.secret, 'file'), secretText);
  fs.writeFileSync(join(tree.secret, 'b/file'), secretText);
  return tree;
}

/** Every folder and file below a place, by what they are and not by what they are called; links lead nowhere here. */
export function identities(place: string): string[] {
  const entry = fs.lstatSync(place, { bigint: true });
  if (entry.isSymbolicLink()) return [];
  const below = entry.isDirectory() ? fs.readdirSync(place) : [];
  return [identity(entry), ...below.flatMap((name) => identities(join(place, name)))];
}

export function identity({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}
