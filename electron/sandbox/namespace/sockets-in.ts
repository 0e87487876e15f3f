import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { outermost } from '../grants/within.ts';

const mostEntries = 500_000;
const mostSockets = 200;

/**
 * The sockets that others listen on inside granted folders. A program that may use Unix sockets could speak with
 * those listeners, which are outside; a folder that is read-only does not hinder it.
 */
export async function socketsIn(grants: readonly { readonly path: string }[]): Promise<string[]> {
  const sockets: string[] = [];
  let left = mostEntries;
  const folders = outermost(grants.map(({ path }) => path));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    // What cannot be entered hides no socket from whom it is for.
    const entries = await opendir(folder).catch(() => []);
    for await (const entry of entries) {
      left -= 1;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSocket()) sockets.push(path);
      if (left < 0 || sockets.length > mostSockets) throw tooMany();
    }
  }
  return sockets;
}

function tooMany(): Problem {
  return new Problem(
    'forbidden',
    'The granted folders are too large to find every socket in them that others listen on.',
    'Give smaller folders, or leave Unix sockets out.',
  );
}
