import { readFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { Problem } from '../../../shared/problem.ts';
import type { FolderMode } from '../../../shared/session.ts';

/** Under whom a sandbox runs outside. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface AccountFacts {
  /** Of this process. */
  readonly uid: number;
  readonly gid: number;
  /** The setting, for a Holdfast that runs as root. */
  readonly chosen: number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly passwd?: string;
}

/** The account of nobody in particular, the same on every Linux. */
const nobody = 65_534;

const asId = (text: string | undefined) =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;

/**
 * Root's sandboxes run under a real account without rights: with a mapped one, a program inside could leave a
 * set-uid file of root's behind. Everybody else's run under their own.
 */
export async function accountFor(facts: AccountFacts): Promise<Account> {
  if (facts.uid !== 0) return { uid: facts.uid, gid: facts.gid };
  if (facts.chosen === 0) {
    throw new Problem(
      'forbidden',
      'Sandboxes never run as root.',
      'Choose an ordinary account with `holdfast settings set sandbox.uid UID`.',
    );
  }
  if (facts.chosen !== null) return { uid: facts.chosen, gid: await groupOf(facts.chosen, facts.passwd) };
  const uid = asId(facts.environment['SUDO_UID']);
  if (uid !== undefined && uid !== 0) return { uid, gid: await groupOf(uid, facts.passwd) };
  return { uid: nobody, gid: nobody };
}

async function groupOf(uid: number, passwd = '/etc/passwd'): Promise<number> {
  const lines = (await readFile(passwd, 'utf8').catch(() => '')).split('\n');
  const own = lines.map((line) => line.split(':')).find(([, , id]) => id === String(uid));
  const gid = asId(own?.[3]);
  // A group of root's would carry root's rights to files.
  return gid === undefined || gid === 0 ? nobody : gid;
}

/** Whether an account may read a folder, or also write in it, by the bits that Linux asks. */
function mayUse(
  facts: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  { uid, gid }: Account,
  how: 'read' | 'write',
): boolean {
  const shift = facts.uid === uid ? 6 : facts.gid === gid ? 3 : 0;
  const needed = how === 'read' ? 5 : 7;
  return ((facts.mode >> shift) & needed) === needed;
}

/** Refuses a folder that this account could not use: root reaches more than its sandboxes do. */
export function refuseUnusable(
  folder: { readonly path: string; readonly mode: FolderMode },
  facts: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  account: Account,
): void {
  if (mayUse(facts, account, folder.mode === 'ro' ? 'read' : 'write')) return;
  const { uid } = account;
  const what = folder.mode === 'ro' ? 'read' : 'write';
  throw new Problem(
    'forbidden',
    `The account that root's sandboxes run under (uid ${uid}) cannot ${what} ${folder.path}.`,
    `Give it the folder, for example with \`chown -R ${uid} ${quoted(folder.path)}\`, choose another account with ` +
      '`holdfast settings set sandbox.uid UID`, or run Holdfast as the ordinary user who owns the folder.',
  );
}

const quoted = (path: string) =>
  /^[\w/.@+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
