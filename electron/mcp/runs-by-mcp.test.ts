import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { mcpRightsSchema } from '../../shared/mcp.ts';
import { newId } from '../base/ids.ts';
import { noReviewer } from '../gateway/testing/no-sandbox.ts';
import { openTestHouse } from '../gateway/testing/test-house.ts';
import { somePlanning } from '../planning/testing/some-planning.ts';
import { type Carried, type Script, ScriptedParts } from '../runs/testing/scripted-parts.ts';
import { whenOver } from '../runs/testing/some-runs.ts';
import { openDoorWithRuns, plan } from './testing/door-with-runs.ts';

async function someDoor(script?: Script) {
  const parts = new ScriptedParts(script);
  const house = await openTestHouse();
  const door = await openDoorWithRuns({ house, planned: somePlanning(), parts, reviewer: noReviewer });
  /** Its only part, as soon as it is at work. */
  const part = async (): Promise<Carried> => {
    while (!parts.open.has('a')) await new Promise((resolve) => setTimeout(resolve, 5));
    return parts.open.get('a')!;
  };
  return { ...door, house, part };
}

test('whoever cancels a call that waits waits no more; the run goes on, unless it was to end with the call', async () => {
  const { client, runs, part, house } = await someDoor(() => 'waits');
  const program = await client();
  const cancelled = async (more: object) => {
    const leaving = new AbortController();
    const calling = program.callTool(
      { name: 'submit_goal', arguments: { plan, wait: true, ...more } },
      { signal: leaving.signal },
    );
    const working = await part();
    leaving.abort();
    await expect(calling).rejects.toThrow();
    const [run] = await runs.list({ most: 1 });
    return { id: run?.id ?? '', end: () => working.end() };
  };
  const first = await cancelled({});
  const heard = new AbortController();
  const answers = { from: 0, filter: { kinds: ['mcp.answered'] } };
  for await (const { events } of house.record.follow(answers, heard.signal)) {
    expect(events).toHaveLength(1);
    heard.abort();
  }
  expect(await runs.get(first.id)).toMatchObject({ state: 'running' });
  first.end();
  expect((await whenOver(runs, first.id)).outcome?.label).toBe('success');
  const second = await cancelled({ cancel_with_call: true });
  expect(second.id).not.toBe(first.id);
  expect((await whenOver(runs, second.id)).outcome?.label).toBe('cancelled');
});

test('the proof of a run comes with the answer, whole, when it is over and not before', async () => {
  const { client, runs, part } = await someDoor(() => 'waits');
  const program = await client();
  const begun = await program.callTool({ name: 'submit_goal', arguments: { plan } });
  const { run_id } = begun.structuredContent as { run_id: `run_${string}` };
  const bundle = () => program.callTool({ name: 'get_bundle', arguments: { run_id } });
  expect(await bundle()).toMatchObject({ isError: true, content: [{ text: /not over yet/ }] });
  (await part()).end();
  await whenOver(runs, run_id);
  const { content, structuredContent } = await bundle();
  const attached = (content as { type: string; resource?: { blob: string } }[]).at(-1)?.resource;
  const bytes = Buffer.from(attached?.blob ?? '', 'base64');
  expect(structuredContent).toMatchObject({
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(gunzipSync(bytes).length).toBeGreaterThan(0);
  const other = await client();
  expect(await other.callTool({ name: 'get_bundle', arguments: { run_id } })).toMatchObject({
    isError: true,
  });
});

test('what is begun to be written is completed: own runs, agents that may be asked, choices of a recipe', async () => {
  const { client } = await someDoor();
  const program = await client({ agents: ['coder'] });
  const begun = await program.callTool({ name: 'submit_goal', arguments: { plan } });
  const { run_id } = begun.structuredContent as { run_id: string };
  const complete = async (from: typeof program, uri: string, name: string, value: string) =>
    (await from.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion
      .values;
  const runUri = 'holdfast://runs/{run}';
  expect(await complete(program, runUri, 'run', 'run_')).toEqual([run_id]);
  expect(await complete(program, runUri, 'run', 'run_x')).toEqual([]);
  expect(await complete(await client(), runUri, 'run', 'run_')).toEqual([]);
  expect(await complete(program, 'holdfast://agents/{agent}', 'agent', '')).toEqual(['coder']);
  const { completion } = await program.complete({
    ref: { type: 'ref/prompt', name: 'digest' },
    argument: { name: 'format', value: 'm' },
  });
  expect(completion.values).toEqual(['md']);
});

test('what the agent of a session begins counts for its agent and its session, and for no outside program', async () => {
  const { client, clientOfSession, part } = await someDoor(() => 'waits');
  const session = newId('session', new Date());
  const budget = { tokens: 1000, micros: null, periodSeconds: 3600 };
  const rights = mcpRightsSchema.parse({ tools: ['submit_goal'], budget });
  const ended = new AbortController().signal;
  const inside = await clientOfSession({ session, agent: 'boss', rights, ended });
  const begin = async (from: typeof inside) => {
    const { isError, content } = await from.callTool({ name: 'submit_goal', arguments: { plan } });
    expect(isError, JSON.stringify(content)).not.toBe(true);
    const working = await part();
    working.end();
    return working.order;
  };
  expect((await begin(inside)).payer).toEqual({ session, agent: 'boss', ...budget });
  expect((await begin(await client())).payer).toBeUndefined();
});
