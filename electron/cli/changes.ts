import type { Change, FolderChanges } from '../../shared/contract/sessions.ts';
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

function sizes({ type, before, after }: Change): string {
  if (type !== 'file') return `  (${type})`;
  const said = [before, after].map((size) => (size === null ? 'none' : size.toLocaleString('en')));
  return before === after ? '' : `  (${said.join(' → ')} bytes)`;
}
