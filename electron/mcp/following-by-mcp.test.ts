import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/client';
import { Client as FormerClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FormerWay } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { noReviewer } from '../gateway/testing/no-sandbox.ts';
import { openTestHouse } from '../gateway/testing/test-house.ts';
import { somePlanning } from '../planning/testing/some-planning.ts';
import { ScriptedParts } from '../runs/testing/scripted-parts.ts';
import { openDoorWithRuns, plan } from './testing/door-with-runs.ts';

async function someDoor() {
  const house = await openTestHouse();
  const planned = somePlanning();
  const parts = new ScriptedParts(() => 'waits');
  const door = await openDoorWithRuns({ house, planned, parts, reviewer: noReviewer });
  const agent = (name: string, says: string) =>
    writeFileSync(join(planned.folder, 'agents', `${name}.yaml`), `name: ${name}\ndescription: ${says}\n`);
  const { runs } = door;
  const stop = (uri: string) => runs.stop(uri.slice('holdfast://runs/'.length), { kind: 'operator' });
  return { ...door, agent, stop };
}

/** What a client hears of, from now on. */
function heardBy(client: Client) {
  const heard = new Set<string>();
  const waiting = new Set<() => void>();
  const hear = (what: string) => {
    heard.add(what);
    for (const look of waiting) look();
  };
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => hear(params.uri));
  client.setNotificationHandler('notifications/resources/list_changed', () => hear('list'));
  return {
    heard,
    async hears(what: string): Promise<void> {
      while (!heard.has(what)) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
      }
    },
  };
}

const begin = async (client: Client) => {
  const { structuredContent } = await client.callTool({ name: 'submit_goal', arguments: { plan } });
  return `holdfast://runs/${(structuredContent as { run_id: string }).run_id}`;
};

test('who follows agents, and the record of a run, hears of them, whichever version it speaks, and of nobody else’s', async () => {
  const { client, agent, stop } = await someDoor();
  agent('helper', 'Helps.');
  agent('secret', 'Hides.');
  const newest = await client({ agents: ['helper'] });
  const former = await client({}, { versionNegotiation: { mode: 'legacy' } });
  const [one, other] = [heardBy(newest), heardBy(former)];
  const helper = 'holdfast://agents/helper';
  const mine = await begin(newest);
  await newest.listen({ resourceSubscriptions: [helper, 'holdfast://agents/secret', `${mine}/record`] });
  await former.subscribeResource({ uri: helper });
  await stop(mine);
  await one.hears(`${mine}/record`);
  // That the files are watched is known when a change of them is told.
  for (let i = 0; !(one.heard.has(helper) && other.heard.has(helper)); i++) {
    agent('secret', `Hides ${i}.`);
    agent('helper', `Helps ${i}.`);
    await pause(20);
  }
  expect([...one.heard].toSorted()).toEqual([helper, `${mine}/record`]);
  const theirs = await begin(former);
  await former.subscribeResource({ uri: `${theirs}/transcript` });
  await stop(theirs);
  await Promise.all([other.hears('list'), other.hears(`${theirs}/transcript`)]);
  expect(other.heard).not.toContain(`${mine}/record`);
  expect(one.heard).not.toContain(`${theirs}/transcript`);
});

test('a client of the versions before hears of another list of agents without asking for it, as they say', async () => {
  const { program, address, agent } = await someDoor();
  const { value } = await program();
  const requestInit = { headers: { authorization: `Bearer ${value}` } };
  const former = new FormerClient({ name: 'a program', version: '1' });
  onTestFinished(() => former.close());
  const lists: string[] = [];
  const updated: string[] = [];
  former.setNotificationHandler(
    ResourceListChangedNotificationSchema,
    ({ method }) => void lists.push(method),
  );
  former.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => void updated.push(params.uri),
  );
  await former.connect(new FormerWay(new URL(address), { requestInit }));
  expect(former.getServerCapabilities()).toMatchObject({ resources: { listChanged: true } });
  // That its stream stands, and the files are watched, is known when a change of them is told.
  for (let i = 0; lists.length === 0; i++) {
    agent(`helper${i}`, 'Helps.');
    await pause(20);
  }
  expect(updated).toEqual([]);
});

test('one client follows so much and no more, is told so, and takes nothing from others', async () => {
  const { client, stop } = await someDoor();
  const [greedy, former, other] = [
    await client(),
    await client({}, { versionNegotiation: { mode: 'legacy' } }),
    await client(),
  ];
  const uris = Array.from({ length: count(1000, 20_000) }, (_, i) => `holdfast://agents/a${i}`);
  await expect(greedy.listen({ resourceSubscriptions: uris })).rejects.toThrow(
    'One stream follows at most 200 resources',
  );
  const wanted = uris.slice(0, count(250, 2000));
  const subscribed = await Promise.allSettled(wanted.map((uri) => former.subscribeResource({ uri })));
  const refused = subscribed.filter((each) => each.status === 'rejected');
  expect(refused).toHaveLength(wanted.length - 200);
  expect(String(refused[0]?.reason)).toContain('At most 200 are followed');
  const streams = await Promise.allSettled(
    Array.from({ length: 300 }, () => greedy.listen({ resourcesListChanged: true })),
  );
  const cut = streams.filter((each) => each.status === 'rejected');
  expect(cut).toHaveLength(300 - 256);
  expect(String(cut[0]?.reason)).toContain('limit');
  const following = heardBy(other);
  const run = await begin(other);
  await other.listen({ resourceSubscriptions: [run] });
  await stop(run);
  await following.hears(run);
});
