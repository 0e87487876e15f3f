const settings = new Set([
  'config',
  'config.worktree',
  'commondir',
  'hooks',
  // What an unfinished operation would run when it is continued.
  'rebase-merge',
  'sequencer',
]);

/**
 * Whether a path below a folder is one of those that tell git what to run: a repository’s configuration or hooks, or
 * the repository itself where it would come or go as a whole. Compared as file systems without case would.
 */
export function tellsGitWhatToRun(path: string, isFolder: boolean): boolean {
  const names = path.toLowerCase().split('/');
  const repository = names.indexOf('.git');
  if (repository < 0) return false;
  // `.git` as a file or link names a repository elsewhere.
  if (repository === names.length - 1) return !isFolder;
  return names.slice(repository + 1).some((name) => settings.has(name));
}
