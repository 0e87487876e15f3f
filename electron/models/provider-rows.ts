import type { DataOf, Projection } from '../audit/projection.ts';

const table = 'providers';

/** What a person set up of providers, beside what is known of them. */
export const providerRows: Projection = {
  name: 'providers',
  kinds: ['provider.configured', 'provider.removed'],
  tables: {
    [table]: 'provider TEXT PRIMARY KEY, wire TEXT NOT NULL, base_url TEXT NOT NULL, secret TEXT',
  },
  rows(event) {
    if (event.kind === 'provider.removed') {
      const { provider } = event.data as DataOf<'provider.removed'>;
      return [{ op: 'drop', table, key: { provider } }];
    }
    const { provider, wire, baseUrl, secret } = event.data as DataOf<'provider.configured'>;
    return [{ op: 'put', table, row: { provider, wire, base_url: baseUrl, secret } }];
  },
};
