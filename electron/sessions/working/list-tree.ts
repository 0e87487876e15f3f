/**
 * A script that lists what lies in a work tree, as the kernel knows it: whatever is written, renamed, closed or removed
 * leaves another time, of which no program can set the last. Two lists that are the same mean that nobody touched it.
 */
export const listTree = (folder: string): string =>
  `(cd ${folder} && find . -path ./.git -prune -o -printf '%P\\0%M %U %G %i %s %T@ %C@ %l\\n') 2>/dev/null`;
