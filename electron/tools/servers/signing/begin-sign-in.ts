import { Problem } from '../../../../shared/problem.ts';
import { newId } from '../../../base/ids.ts';
import { reachHttp } from '../http-way.ts';
import type { LiveServer } from '../live-server.ts';
import type { ServerNeeds } from '../server-needs.ts';
import { placeOfServer } from '../server-values.ts';
import { BrowserSignIn } from './browser-sign-in.ts';
import { KeptSignIn } from './kept-sign-in.ts';

const system = { kind: 'system' } as const;

/** With rights of its own to ask the server and where one signs in for it, which end with it. */
export async function beginSignIn(
  needs: ServerNeeds,
  live: LiveServer,
  signedIn: () => Promise<void>,
): Promise<BrowserSignIn> {
  const { name, server } = live;
  const { transport } = server;
  if (transport.kind === 'stdio' || transport.oauth === null) {
    throw new Problem(
      'conflict',
      `Nobody signs in at “${name}” with a browser.`,
      'Its declaration says “oauth: {}” where one does.',
    );
  }
  const session = newId('session', needs.clock.now());
  const whose = { server: name, session };
  // What a killed life leaves of it is found by this.
  const at = `signing in at ${placeOfServer(server)}`;
  await needs.record.append({ kind: 'tool_server.starting', actor: system, data: { ...whose, at } });
  const reach = await reachHttp(needs, session, transport, server.mostBytes);
  return BrowserSignIn.begin({
    clock: needs.clock,
    kept: new KeptSignIn(needs.vault, name),
    wish: transport.oauth,
    serverUrl: transport.url,
    fetch: reach.fetch,
    failed: (failure) => needs.log.warn({ err: failure, server: name }, 'a sign-in did not end as it should'),
    async over(problem) {
      const reason = problem?.message ?? 'the person is signed in';
      await reach.close(reason);
      await needs.record.append({ kind: 'tool_server.ended', actor: system, data: { ...whose, reason } });
      if (problem === null) return signedIn();
      live.notSignedIn(problem);
    },
  });
}
