import type { Projection } from '../audit/projection.ts';

/** Whether the program runs, as the record has it: a start that finds `running` follows an unclean end. */
export const lifeRows: Projection = {
  name: 'life',
  kinds: ['app.started', 'app.stopped'],
  tables: { life: 'id INTEGER PRIMARY KEY, state TEXT NOT NULL' },
  rows: (event) => [
    { op: 'put', table: 'life', row: { id: 1, state: event.kind === 'app.started' ? 'running' : 'stopped' } },
  ],
};
