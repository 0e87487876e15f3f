import type { DataOf, Projection } from '../audit/projection.ts';

const table = 'notes';

/** Which notes each agent has. `words` is the event that holds the content: the one before, in the same transaction. */
export const noteRows: Projection = {
  name: 'notes',
  kinds: ['note.saved', 'note.pinned', 'note.removed'],
  tables: {
    [table]:
      'agent TEXT NOT NULL, key TEXT NOT NULL, words INTEGER NOT NULL, bytes INTEGER NOT NULL, pinned INTEGER NOT NULL, changed TEXT NOT NULL, PRIMARY KEY (agent, key)',
  },
  rows(event) {
    const { agent = '' } = event.scope;
    if (event.kind === 'note.removed') {
      const { key } = event.data as DataOf<'note.removed'>;
      return [{ op: 'drop', table, key: { agent, key } }];
    }
    if (event.kind === 'note.pinned') {
      const { key, pinned } = event.data as DataOf<'note.pinned'>;
      return [{ op: 'patch', table, key: { agent, key }, set: { pinned: pinned ? 1 : 0 } }];
    }
    const { key, bytes, pinned } = event.data as DataOf<'note.saved'>;
    const row = { agent, key, words: event.seq - 1, bytes, pinned: pinned ? 1 : 0, changed: event.time };
    return [{ op: 'put', table, row }];
  },
};
