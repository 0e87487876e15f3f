import type { Projection } from '../audit/projection.ts';

/** Which runs somebody else than the person began: an outside program by its token, or the agent of a session. */
export const runMakerRows: Projection = {
  name: 'run_makers',
  kinds: ['run.requested'],
  tables: { run_makers: 'maker TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (maker, run)' },
  rows({ actor, scope }) {
    const { kind, id } = actor;
    if (scope.run === undefined || id === undefined || (kind !== 'client' && kind !== 'agent')) return [];
    return [{ op: 'put', table: 'run_makers', row: { maker: id, run: scope.run } }];
  },
};
