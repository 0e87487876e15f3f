import type { ChangeText, FolderChanges } from '../../shared/contract/reviewing.ts';
import type { Client } from './client.ts';
import { runCells } from './run-lines.ts';
import { sessionLine } from './session-line.ts';

/** Whether it is the beginning of a run's id; a session's begins otherwise. */
export const isRun = (id: string) => id.startsWith('run_');

/** What is asked about changes that wait, of a session and of a run alike. */
export interface ReviewedOnes {
  changes(): Promise<FolderChanges[]>;
  change(key: string): Promise<ChangeText>;
  apply(keys: string[] | null): Promise<{ applied: number; left: number }>;
  /** With a line for people of what it is then. */
  discard(): Promise<{ value: unknown; line: string }>;
}

/** How somebody goes on who does not decide now. */
export const waitingWords = (id: string) =>
  `Its changes wait: \`holdfast changes ${id}\`, \`holdfast apply ${id}\`, \`holdfast discard ${id}\`.`;

export function reviewedBy(client: Client, id: string): ReviewedOnes {
  return isRun(id) ? ofRun(client, id) : ofSession(client, id);
}

const ofRun = ({ runs }: Client, run: string): ReviewedOnes => ({
  changes: () => runs.changes({ run }),
  change: (key) => runs.change({ run, key }),
  apply: (keys) => runs.apply({ run, keys }),
  async discard() {
    const value = await runs.discard({ run });
    return { value, line: runCells(value).join('  ') };
  },
});

const ofSession = ({ sessions }: Client, session: string): ReviewedOnes => ({
  changes: () => sessions.changes({ session }),
  change: (key) => sessions.change({ session, key }),
  apply: (keys) => sessions.apply({ session, keys }),
  async discard() {
    const value = await sessions.discard({ session });
    return { value, line: sessionLine(value) };
  },
});
