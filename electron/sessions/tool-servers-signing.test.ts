import { expect, test } from 'vitest';
import { never, operator } from './testing/some-sessions.ts';
import { signingServer } from './testing/signing-server.ts';
import { someServers } from './testing/some-servers.ts';

async function begun() {
  const { state, url } = await signingServer();
  const some = await someServers();
  const { servers } = some;
  await servers.save('far', JSON.stringify({ transport: { kind: 'http', url, oauth: {} } }), operator);
  /** Resolves when the server is so. */
  const until = async (wanted: string) => {
    for await (const [row] of servers.watch(never)) if (row?.state === wanted) return row;
    throw new Error('it was not watched to the end');
  };
  const call = () => servers.tryCall('far', 'who', {}, operator, never);
  /** What the person’s browser does. */
  const browse = async () => {
    const { url: address } = await servers.signIn('far', operator);
    const page = await fetch(address, { redirect: 'manual' });
    return { address, back: page.headers.get('location') ?? '' };
  };
  return { ...some, state, until, call, browse };
}

test('a person signs in with a browser, tokens are kept in the vault alone, and rotated ones at once', async () => {
  const { servers, state, until, call, browse, vault, record } = await begun();
  expect((await servers.start('far')).row).toMatchObject({
    state: 'signing',
    mend: expect.any(String) as string,
  });
  await expect(call()).rejects.toMatchObject({ code: 'unauthorized' });
  const { back, address } = await browse();
  expect(new URL(address).searchParams.get('code_challenge_method')).toBe('S256');
  // Neither another state nor a second time is let in.
  const wrong = new URL(back);
  wrong.searchParams.set('state', 'made up');
  expect((await fetch(wrong)).status).toBe(404);
  expect(await (await fetch(back)).text()).toContain('You are signed in');
  await until('ready');
  expect(await call()).toMatchObject({ ok: true, text: 'it is you' });
  expect(vault.get('mcp.far.access')).toBe('access-token-number-1');

  state.access = 'the first one is over';
  expect(await Promise.all([call(), call(), call()])).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: true },
  ]);
  expect(state.refreshed).toBe(1);
  expect(vault.get('mcp.far.refresh')).toBe('refresh-token-number-2');
  await servers.stop('far');
  state.access = 'over again';
  expect(await call()).toMatchObject({ ok: true });

  state.access = 'over';
  state.refresh = 'taken back';
  await expect(call()).rejects.toMatchObject({ code: 'unauthorized' });
  await until('signing');
  state.access = '';
  await fetch((await browse()).back);
  await until('ready');
  expect(await call()).toMatchObject({ ok: true });

  const page = await servers.signOut('far', operator);
  expect(page.row.state).toBe('idle');
  expect(vault.list().filter(({ name }) => name.startsWith('mcp.'))).toEqual([]);
  const { events } = await record.query({ filter: {}, limit: 500 });
  expect(JSON.stringify(events)).not.toMatch(/(access|refresh)-token-number/);
});

test('who is not let in is told, and a sign-in that is begun again ends the one before', async () => {
  const { servers, state, browse, until } = await begun();
  await servers.start('far');
  state.willing = false;
  const first = await browse();
  const second = await browse();
  await expect(fetch(first.back)).rejects.toThrow();
  expect((await fetch(second.back)).status).toBe(400);
  for await (const [row] of servers.watch(never)) if (row?.problem?.includes('did not let you in')) break;
  expect((await until('signing')).mend).toBe('Sign in again.');
  expect(state.registered).toHaveLength(2);
  await servers.save('far', JSON.stringify({ transport: { kind: 'stdio', command: ['true'] } }), operator);
  await expect(servers.signIn('far', operator)).rejects.toMatchObject({ code: 'conflict' });
});
