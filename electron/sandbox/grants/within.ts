/** Whether a path is the folder or lies below it. Both are real and absolute, without a slash at their ends. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** Those that lie in no other of them, each once. */
export function outermost(paths: readonly string[]): string[] {
  const each = [...new Set(paths)];
  return each.filter((path) => !each.some((other) => other !== path && isWithin(path, other))).toSorted();
}
