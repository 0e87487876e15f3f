import type { ReactNode } from 'react';
import { deedOfText } from '../../../shared/capability/words.ts';
import type { FolderWish } from '../../../shared/session.ts';
import styles from './SessionInspector.module.css';
import { modeWords } from '../../bridge/session-words.ts';

/** Folders, hosts and rights of a session, one line each. */
export function GrantedPlaces({
  folders,
  hosts,
  rights,
  children,
}: {
  folders: readonly FolderWish[];
  hosts: readonly string[];
  /** Those that are told in words of their own are left out. */
  rights: readonly string[];
  children?: ReactNode;
}) {
  return (
    <ul className={styles.list}>
      {folders.map(({ path, mode }) => (
        <li key={path}>
          <code>{path}</code>
          <span className={styles.soft}> {modeWords[mode]}</span>
        </li>
      ))}
      {folders.length === 0 && <li className={styles.soft}>It sees none of your folders.</li>}
      <li>
        {hosts.length === 0 ? (
          <span className={styles.soft}>No network.</span>
        ) : (
          <>
            connect to <code>{hosts.join(', ')}</code>
          </>
        )}
      </li>
      {rights.filter(isOfItsOwn).map((right) => (
        <li key={right}>{deedOfText(right)}</li>
      ))}
      {children}
    </ul>
  );
}

/** Folders and hosts are told above, tools by whoever lists them. */
const isOfItsOwn = (right: string) => !/^(file_read|file_write|network|tool):/.test(right);
