import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isWithin } from './within.ts';

/** Something in a `.git` that tells git what to run, or where else to look for that. */
export interface GitSetting {
  readonly path: string;
  /** What is `missing` would be the sandbox's to make; what is neither file nor folder cannot be protected. */
  readonly there: 'file' | 'folder' | 'missing' | 'other';
  readonly type: 'file' | 'folder';
  /** What git takes for nothing: it stands there where it is missing. */
  readonly empty: string;
}

/** The repository itself, its submodules' repositories and its work trees. */
export async function settingsIn(git: string): Promise<GitSetting[]> {
  const parts = await settingsOf(git, git);
  for (const tree of await foldersIn(join(git, 'worktrees'))) {
    parts.push(await setting(join(tree, 'commondir'), 'file', '../..\n'));
    parts.push(...(await worktreeSetting(git, tree)));
  }
  let modules = await foldersIn(join(git, 'modules'));
  for (let depth = 0; modules.length > 0 && depth < 8; depth += 1) {
    const deeper: string[] = [];
    for (const module of modules) {
      // A submodule's name may have slashes: then there are plain folders on the way to its repository.
      if (await isThere(join(module, 'HEAD'))) parts.push(...(await settingsOf(module, git)));
      else deeper.push(...(await foldersIn(module)));
      deeper.push(...(await foldersIn(join(module, 'modules'))));
    }
    modules = deeper;
  }
  const each = new Map(parts.map((part) => [part.path, part]));
  return [...each.values()];
}

async function settingsOf(repository: string, git: string): Promise<GitSetting[]> {
  const config = await setting(join(repository, 'config'), 'file', '');
  return [
    config,
    await setting(join(repository, 'hooks'), 'folder', ''),
    // With another folder in it, git would take configuration and hooks from there. An empty one stops git.
    await setting(join(repository, 'commondir'), 'file', '.\n'),
    ...(await worktreeSetting(repository, repository)),
    ...(await namedIn(config, git)),
  ];
}

/** Read by git only where the configuration says so. */
async function worktreeSetting(repository: string, tree: string): Promise<GitSetting[]> {
  const found = await setting(join(tree, 'config.worktree'), 'file', '');
  const read = found.there !== 'missing' || /worktreeconfig/i.test(await textOf(join(repository, 'config')));
  return read ? [found] : [];
}

/** What the configuration includes, where it says that hooks are, and what it runs from within the same `.git`. */
async function namedIn({ path: config }: GitSetting, git: string): Promise<GitSetting[]> {
  const top = dirname(git);
  const found: GitSetting[] = [];
  for (const line of (await textOf(config)).split('\n')) {
    const [, name = '', value = ''] = /^\s*(?:\[[^\]]*\]\s*)?([a-z][a-z0-9-]*)\s*=\s*(.*)$/i.exec(line) ?? [];
    const words = value.split(/[\s"'=;|&()<>]+/).filter(Boolean);
    const hooks = /^hookspath$/i.test(name);
    const includes = /^path$/i.test(name);
    const paths = words.map((word) => resolve(includes ? dirname(config) : top, word));
    const reach = hooks || includes ? top : git;
    for (const path of paths.filter((each) => each !== top && each !== git && isWithin(each, reach))) {
      const named = await setting(path, hooks ? 'folder' : 'file', '');
      // Other folders are where tools keep what they write.
      if (named.there !== 'folder' || named.type === 'folder') found.push(named);
    }
  }
  return found;
}

const mostText = 1 << 20;

async function textOf(path: string): Promise<string> {
  const facts = await lstat(path).catch(() => undefined);
  if (!facts?.isFile() || facts.size > mostText) return '';
  return readFile(path, 'utf8').catch(() => '');
}

async function setting(path: string, type: 'file' | 'folder', empty: string): Promise<GitSetting> {
  const facts = await lstat(path).catch(() => undefined);
  const there = facts?.isDirectory() ? 'folder' : facts?.isFile() ? 'file' : facts ? 'other' : 'missing';
  return { path, there, type, empty };
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function foldersIn(folder: string): Promise<string[]> {
  // What cannot be read holds no repository that git could be run in.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}
