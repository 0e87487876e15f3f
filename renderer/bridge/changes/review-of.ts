import type { ChangeText, FolderChanges } from '../../../shared/contract/reviewing.ts';
import type { Client } from '../client.ts';

/** Who changed something under review: a session, or a run with all its parts. */
export interface ReviewOf {
  readonly kind: 'session' | 'run';
  readonly id: string;
}

interface Decisions {
  changes(signal: AbortSignal): Promise<FolderChanges[]>;
  change(key: string, signal: AbortSignal): Promise<ChangeText>;
  apply(keys: string[]): Promise<{ applied: number }>;
  discard(): Promise<unknown>;
}

/** What is asked about it, which is the same of both. */
export function reviewOf({ sessions, runs }: Client, { kind, id }: ReviewOf): Decisions {
  if (kind === 'run') {
    return {
      changes: (signal) => runs.changes({ run: id }, { signal }),
      change: (key, signal) => runs.change({ run: id, key }, { signal }),
      apply: (keys) => runs.apply({ run: id, keys }),
      discard: () => runs.discard({ run: id }),
    };
  }
  return {
    changes: (signal) => sessions.changes({ session: id }, { signal }),
    change: (key, signal) => sessions.change({ session: id, key }, { signal }),
    apply: (keys) => sessions.apply({ session: id, keys }),
    discard: () => sessions.discard({ session: id }),
  };
}
