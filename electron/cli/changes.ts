import type { Change, FolderChanges } from '../../shared/contract/reviewing.ts';
import { Problem } from '../../shared/problem.ts';
import { harmless, tinted } from './output.ts';

const marks: Readonly<Record<Change['kind'], string>> = {
  added: 'new',
  modified: 'changed',
  removed: 'removed',
  mode: 'mode',
  replaced: 'replaced',
};

export function changeCount(folders: readonly FolderChanges[]): number {
  return folders.reduce((sum, { changes, more }) => sum + changes.length + more, 0);
}

/** What a session changed, folder by folder, with why something cannot be applied. */
export function changeLines(folders: readonly FolderChanges[]): string[] {
  return folders.flatMap(({ folder, changes, more }) => [
    tinted('strong', harmless(folder)),
    ...changes.flatMap((change) => [
      `  ${marks[change.kind].padEnd(8)}  ${harmless(change.path)}${sizes(change)}`,
      ...(change.refusal === null ? [] : [tinted('warning', `            ${harmless(change.refusal)}`)]),
    ]),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
  ]);
}

/**
 * Keys of the changes at these paths, and of all below them: whole paths, or the only one that ends so. A session
 * chooses its names, so that of several none is meant more than the other.
 */
export function keysAt(changes: readonly Change[], paths: readonly string[], lists: string): string[] {
  return paths.flatMap((path) => {
    const plain = path.replace(/(?<=.)\/+$/, '');
    const whole = changes.filter((one) => one.path === plain || one.path.startsWith(`${plain}/`));
    const found = whole.length > 0 ? whole : changes.filter((one) => one.path.endsWith(`/${plain}`));
    if (found.length === 0) throw new Problem('not_found', `“${path}” did not change.`, lists);
    if (whole.length === 0 && found.length > 1) {
      const [one, other] = found.map((each) => `“${each.path}”`);
      throw new Problem('conflict', `“${path}” may be ${one} or ${other}.`, 'Give the whole path.');
    }
    return found.map(({ key }) => key);
  });
}

function sizes({ type, before, after }: Change): string {
  if (type !== 'file') return `  (${type})`;
  const said = [before, after].map((size) => (size === null ? 'none' : size.toLocaleString('en')));
  return before === after ? '' : `  (${said.join(' → ')} bytes)`;
}
