import { expect, test } from 'vitest';
import { openSocket, overHttp, overSocket, problemFrom } from './testing/callers.ts';
import { openTestHouse } from './testing/test-house.ts';

test('a session that cannot be contained is refused over the wire with its mend, and is seen ending by whoever watches', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  const watcher = overSocket(openSocket(house, house.token));
  const watched = await watcher.sessions.watch();
  const seen = watched.next();
  // Whatever comes after this on the same connection finds the watching begun.
  await watcher.sessions.list();
  const problem = await problemFrom(operator.sessions.start({ argv: ['true'] }));
  expect(problem).toMatchObject({ code: 'unavailable', mend: 'Look elsewhere.' });
  const [session] = await operator.sessions.list();
  expect(session).toMatchObject({ state: 'ended', outcome: { label: 'infrastructure_failure' } });
  expect((await seen).value).toMatchObject({ id: session!.id });
  await watched.return?.(undefined);

  expect(await operator.sessions.get({ session: session!.id.slice(0, -4) })).toEqual(session);
  const other = await problemFrom(operator.sessions.get({ session: 'ses_none' }));
  expect(other.code).toBe('not_found');
  const over = { session: session!.id, viewer: 'viewer-1' };
  for (const call of [
    operator.sessions.input({ ...over, data: '', end: false }),
    operator.sessions.resize({ ...over, size: { columns: 80, rows: 24 } }),
    operator.sessions.changes({ session: session!.id }),
    operator.sessions.discard({ session: session!.id }),
  ]) {
    expect((await problemFrom(call)).code).toBe('conflict');
  }
});

test('a program with a token of its own may look at sessions, and neither start nor watch the inside of one', async () => {
  const house = await openTestHouse();
  const { value } = await overHttp(house, house.token).access.create({ name: 'dashboard', caller: 'client' });
  const client = overHttp(house, value);
  expect(await client.sessions.list()).toEqual([]);
  expect((await problemFrom(client.sessions.start({ argv: ['true'] }))).code).toBe('forbidden');
  expect((await problemFrom(client.sessions.attach({ session: 'ses_x' }))).code).toBe('forbidden');
});
