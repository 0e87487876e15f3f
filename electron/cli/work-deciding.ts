import { resolve } from 'node:path';
import { plural } from '../../shared/plural.ts';
import { Problem } from '../../shared/problem.ts';
import type { Client } from './client.ts';
import type { Output } from './output.ts';
import { workChangeLines, workSession } from './work-lines.ts';

export interface Onto {
  folder?: string;
  branch?: string;
}

/** Shows what a command agent changed; false where it is no session of one. */
export async function showWorkChanges(client: Client, out: Output, session: string): Promise<boolean> {
  const shown = await workSession(client, session);
  if (!shown) return false;
  const found = await client.work.changes({ session });
  const left = shown.work?.collected?.left ?? [];
  out.result(found, () => workChangeLines(found, left));
  return true;
}

/** Applies what a command agent changed, to a folder or as a branch; false where it is no session of one. */
export async function applyWork(client: Client, out: Output, session: string, onto: Onto): Promise<boolean> {
  const { folder, branch = null } = onto;
  if (folder === undefined) {
    if (branch === null && !(await workSession(client, session))) return false;
    throw new Problem(
      'invalid_input',
      'What a command agent changed is applied to a folder.',
      'Name it with --folder; with --branch as well, its commits become a branch of that repository.',
    );
  }
  const done = await client.work.apply({ session, folder: resolve(folder), branch });
  const files = plural(done.files, 'changed file');
  out.result(done, () => [
    branch === null ? `Applied ${files} to ${folder}.` : `Put ${files} on the branch ${branch} of ${folder}.`,
  ]);
  return true;
}
