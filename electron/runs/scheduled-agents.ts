import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { watchFolder } from '../base/folder-watch.ts';
import { makePrivateFolder } from '../base/private-files.ts';

const schedule = /\bscheduled\(|^schedule:/m;

/**
 * Resolves with true as soon as a file of an agent speaks of a schedule, with false at the signal. It only looks for
 * the word: most houses have no such agent, and need not build what reads their files for that.
 */
export async function anyScheduledAgent(folder: string, signal: AbortSignal): Promise<boolean> {
  await makePrivateFolder(folder);
  for await (const _ of watchFolder(folder, signal)) if (await isOneScheduled(folder)) return true;
  return false;
}

async function isOneScheduled(folder: string): Promise<boolean> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/\.ya?ml$/.test(name)) continue;
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (schedule.test(text)) return true;
  }
  return false;
}
