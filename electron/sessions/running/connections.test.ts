import { expect, test } from 'vitest';
import { newId } from '../../base/ids.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { Notebook } from '../testing/notebook.ts';
import { Connections } from './connections.ts';

function begun() {
  const clock = new ManualClock();
  const notebook = new Notebook();
  const session = newId('session', clock.now());
  const connections = new Connections({ record: notebook, clock, log: silentLog(), session });
  return { clock, drafts: notebook.drafts, connections, session };
}

const where = { host: 'example.org', port: 443 };

test('each connection is told with its bytes, and its end is waited for', async () => {
  const { drafts, connections, session } = begun();
  const made = { ...where, address: '192.0.2.1' };
  connections.told({ what: 'connected', id: 1, ...made });
  let over = false;
  const ending = connections.end().then(() => (over = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  connections.told({ what: 'closed', id: 1, ...made, sent: 3, received: 5, milliseconds: 1234.56 });
  await ending;
  expect(drafts).toMatchObject([
    { kind: 'connection.opened', data: made, scope: { session }, actor: { kind: 'agent', id: session } },
    { kind: 'connection.closed', data: { ...made, sent: 3, received: 5, seconds: 1.235 } },
  ]);
});

test('refusals are told at once, then counted; nobody can fill the record with them', async () => {
  const { clock, drafts, connections } = begun();
  const refused = (host: string) =>
    connections.told({ what: 'refused', host, port: 443, reason: 'not found' });
  for (let i = 0; i < 100; i++) refused('example.org');
  expect(drafts.length).toBe(1);
  clock.advance(10_000);
  expect(drafts.map(({ data }) => (data as { count: number }).count)).toEqual([1, 99]);
  for (let i = 0; i < 10_000; i++) refused(`host-${i}.example.org`);
  expect(drafts.length).toBeLessThan(60);
  await connections.end();
  const counts = drafts.map(({ data }) => (data as { count: number }).count);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10_100);
  expect(clock.waiting).toBe(0);
});
