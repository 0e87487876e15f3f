import type { DataOf, Projection } from '../audit/projection.ts';

const table = 'memories';

/**
 * What each agent remembers. `words` is the event that holds the content: the one before, in the same transaction. The
 * unique columns are there for their indexes.
 */
export const memoryRows: Projection = {
  name: 'memories',
  kinds: ['memory.stored', 'memory.changed', 'memory.removed'],
  tables: {
    [table]:
      'id TEXT PRIMARY KEY, agent TEXT NOT NULL, category TEXT NOT NULL, words INTEGER NOT NULL, stored INTEGER NOT NULL, embedding TEXT, call TEXT, created TEXT NOT NULL, changed TEXT NOT NULL, UNIQUE (agent, stored), UNIQUE (call, id)',
  },
  rows(event) {
    const { agent = '' } = event.scope;
    if (event.kind === 'memory.removed') {
      const { memory } = event.data as DataOf<'memory.removed'>;
      return [{ op: 'drop', table, key: { id: memory } }];
    }
    const words = event.seq - 1;
    if (event.kind === 'memory.changed') {
      const { memory, category, embedding } = event.data as DataOf<'memory.changed'>;
      return [
        { op: 'patch', table, key: { id: memory }, set: { category, words, embedding, changed: event.time } },
      ];
    }
    const { memory, category, embedding = null, call = null } = event.data as DataOf<'memory.stored'>;
    const times = { created: event.time, changed: event.time };
    return [
      {
        op: 'put',
        table,
        row: { id: memory, agent, category, words, stored: event.seq, embedding, call, ...times },
      },
    ];
  },
};
