import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, readlinkSync, openSync } from 'node:fs';
import { chown, link, lchown, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import type { GitSetting } from './git-settings.ts';

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes what a sandbox could otherwise make itself, as git takes it for nothing, so that it can be protected like
 * whatever else is there. It stays: were it removed under another sandbox's mount, that would be gone as well.
 * False: its folder is one that the account cannot write.
 */
export async function makeMissing({ path, type, empty }: GitSetting, account: Account): Promise<boolean> {
  const folder = openFolder(dirname(path));
  try {
    const owner = fstatSync(folder);
    // Whoever owns it can open it for writing again; access control lists show in the group's bits.
    const owns = owner.uid === account.uid;
    if (!owns && (owner.mode & 0o022) === 0) return false;
    const at = `/proc/self/fd/${folder}/`;
    const root = process.getuid?.() === 0;
    try {
      if (type === 'folder') {
        await mkdir(`${at}${basename(path)}`, { mode: 0o755 });
        if (root) await lchown(`${at}${basename(path)}`, owner.uid, owner.gid);
        return true;
      }
      // Whole from the beginning: git does not run where it finds it half made.
      const beside = `${at}.holdfast-${randomBytes(8).toString('hex')}`;
      await writeFile(beside, empty, { flag: 'wx', mode: 0o644 });
      try {
        if (root) await chown(beside, owner.uid, owner.gid);
        await link(beside, `${at}${basename(path)}`);
      } finally {
        await rm(beside, { force: true });
      }
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EEXIST') return true;
      if (code === 'EROFS' || (!root && !owns && (code === 'EACCES' || code === 'EPERM'))) return false;
      throw new Problem(
        'forbidden',
        `${path} cannot be made, so it cannot be kept from being made by the sandbox.`,
        `Make ${dirname(path)} writable, or give its folder read-only or under review.`,
        { cause: thrown },
      );
    }
    return true;
  } finally {
    closeSync(folder);
  }
}

function openFolder(path: string): number {
  const pathOnly = 0o10_000_000;
  const fd = openSync(path, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  if (readlinkSync(`/proc/self/fd/${fd}`) === path) return fd;
  closeSync(fd);
  throw new Problem(
    'conflict',
    `${path} was moved or replaced while the sandbox was being made.`,
    'Try again when nothing else is changing that folder.',
  );
}
