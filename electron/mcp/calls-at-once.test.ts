import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { noReviewer } from '../gateway/testing/no-sandbox.ts';
import { openTestHouse } from '../gateway/testing/test-house.ts';
import { somePlanning } from '../planning/testing/some-planning.ts';
import { ScriptedParts } from '../runs/testing/scripted-parts.ts';
import { openDoorWithRuns, plan } from './testing/door-with-runs.ts';

const person = { kind: 'operator' } as const;
const waits = { name: 'submit_goal', arguments: { plan, wait: true, cancel_with_call: true } };
const former = { versionNegotiation: { mode: 'legacy' as const } };

async function someDoor() {
  const house = await openTestHouse();
  const parts = new ScriptedParts(() => 'waits');
  const door = await openDoorWithRuns({ house, planned: somePlanning(), parts, reviewer: noReviewer });
  const { runs } = door;
  let begun = 0;
  /** A call that waits for what never ends; `calling` tells how it ended. */
  const waiting = async (client: Client) => {
    const leaving = new AbortController();
    const calling = client.callTool(waits, { signal: leaving.signal }).catch(() => 'broken off');
    begun++;
    while ((await runs.list({ most: 100 })).length < begun) await pause(5);
    const [run] = await runs.list({ most: 1 });
    return { calling, run: run?.id ?? '', cancel: () => leaving.abort() };
  };
  return { ...door, house, waiting };
}

/** Why the next call is not taken; null: it is. */
async function refused(client: Client): Promise<string | null> {
  const asked = { name: 'get_agent_status', arguments: { run_id: 'run_of_nobody' } };
  const { isError, content } = await client.callTool(asked);
  return isError === true ? JSON.stringify(content) : null;
}

async function free(client: Client): Promise<void> {
  while ((await refused(client)) !== null) await pause(5);
}

test.each([
  ['the newest version', {}],
  ['an older version', former],
])(
  'a client of %s has so many calls under way and no more, until one ends, however it does',
  async (_, version) => {
    const { program, clientWith, waiting, runs } = await someDoor();
    const { value } = await program({ callsAtOnce: 2 });
    const [one, other] = [await clientWith(value, version), await clientWith(value, version)];
    const [first, second] = [await waiting(one), await waiting(other)];
    expect(await refused(one)).toContain('2 calls of yours are under way');
    expect(await refused(other)).toContain('get_run tells how it goes on');
    first.cancel();
    await free(other);
    const third = await waiting(one);
    expect(await refused(other)).not.toBeNull();
    await one.close();
    expect(await third.calling).toBe('broken off');
    await free(other);
    // Without a word it may come back, where its version has sessions; a stream that ends is the word of the newest.
    if (version === former) expect(await runs.get(third.run)).toMatchObject({ outcome: null });
    await waiting(other);
    expect(await refused(other)).not.toBeNull();
    await runs.stop(second.run, person);
    expect(await second.calling).toMatchObject({ structuredContent: { outcome: 'cancelled' } });
    await free(other);
  },
);

test('all programs together have so many, and whoever is shut out leaves a place', async () => {
  const { program, clientWith, client, waiting, house } = await someDoor();
  const setting = { key: 'mcp.callsAtOnce', value: 2 } as const;
  await house.record.append({ kind: 'setting.changed', actor: person, data: setting });
  const { value, id } = await program();
  const [newest, older, another] = [await clientWith(value), await clientWith(value, former), await client()];
  await waiting(newest);
  await waiting(older);
  expect(await refused(another)).toContain('2 calls by MCP are under way');
  await house.gateway.tokens.revoke(id, person);
  await free(another);
  await waiting(another);
  await free(another);
});
