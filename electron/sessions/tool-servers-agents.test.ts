import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import { HouseApprovals } from '../approvals/approvals.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { ToolServers } from '../tools/tool-servers.ts';
import { createNamespaceExecutor } from '../sandbox/namespace-executor.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { testFolder } from './testing/some-sessions.ts';
import { everything, nodeServer, serversOver } from './testing/some-servers.ts';

/** An agent with some of a server’s tools, and a model that calls them in turn. */
async function begun(capabilities: readonly string[], calls: readonly (readonly [string, object])[]) {
  const folder = testFolder();
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data: join(folder, 'data'),
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  let servers: ToolServers | undefined;
  const served = { ready: async () => servers?.ready(), tools: () => servers?.tools() ?? [] };
  let house: HouseApprovals | undefined;
  let models: ScriptedModels | undefined;
  const some = await someAgentSessions({
    folder,
    executor,
    agents: [someAgent({ capabilities: [...capabilities], approvals: 'boundaries' })],
    served,
    approvals: (record) =>
      (house = new HouseApprovals({
        record,
        clock: systemClock,
        log: silentLog(),
        expireMinutes: () => 60,
        tool: (name) => Promise.resolve(served.tools().find((tool) => tool.name === name)),
      })),
    models: (record) =>
      (models = new ScriptedModels(record, [
        ...calls.map(([tool, input]) => ({ calls: [{ tool, input: input as Record<string, unknown> }] })),
        { text: 'done' },
      ])),
  });
  servers = await serversOver(some.parts, join(folder, 'configuration'));
  onTestFinished(() => house?.close());
  await servers.save('everything', nodeServer(everything), operator);
  const page = await servers.start('everything');
  const digests = page.tools.flatMap(({ name, digest }) => (name === 'get-sum' ? [] : [digest]));
  await servers.accept('everything', digests, operator);
  // Whoever needs it starts it.
  await servers.stop('everything');
  const { id } = await some.sessions.open(
    agentSessionWishSchema.parse({ agent: 'tester', folders: [] }),
    operator,
  );
  await some.sessions.send(id, [{ kind: 'text', text: 'go' }], operator);
  /** Answers every question until the turn is over. */
  const answered = async (kind: 'once' | 'deny') => {
    const asked: string[] = [];
    const leaving = new AbortController();
    const answering = (async () => {
      for await (const { id: approval, state, tool } of house!.watch(leaving.signal)) {
        if (state !== 'pending') continue;
        asked.push(tool);
        const answer = kind === 'once' ? { kind } : { kind, reason: 'not that' };
        await house!.answer(approval, answer, undefined, operator);
      }
    })();
    await until(some.sessions, id, rested);
    leaving.abort();
    await answering;
    const { entries } = await some.sessions.transcript(id, undefined, 100);
    const cards = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
    return { asked, cards };
  };
  return { ...some, servers, answered, offered: () => models?.calls[0]?.tools ?? [] };
}

test('an agent calls a tool of a server after the person allowed it, by the server’s own schema and under its own right', async () => {
  const { answered, offered, record } = await begun(
    ['tool: mcp.everything.echo', 'tool: mcp.everything.get-sum'],
    [
      ['mcp.everything.echo', { message: 5 }],
      ['mcp.everything.echo', { message: 'hello' }],
      ['mcp.everything.get-sum', { a: 1, b: 2 }],
      ['mcp.everything.get-tiny-image', {}],
    ],
  );
  const { asked, cards } = await answered('once');
  expect(asked).toEqual(['mcp.everything.echo']);
  expect(offered().map(({ name }) => name)).toEqual(['mcp.everything.echo']);
  expect(offered()[0]?.schema).toMatchObject({ properties: { message: { type: 'string' } } });
  expect(cards.map(({ tool, state }) => [tool, state])).toEqual([
    ['mcp.everything.echo', 'denied'],
    ['mcp.everything.echo', 'done'],
    ['mcp.everything.get-sum', 'denied'],
    ['mcp.everything.get-tiny-image', 'denied'],
  ]);
  const { events } = await record.query({ filter: { kinds: ['tool.invoked'] }, limit: 10 });
  expect(events.map(({ data }) => data)).toMatchObject([{ tool: 'mcp.everything.echo' }]);
});

test('all of a server’s tools are one right, its resources and prompts are others, and no is no', async () => {
  const { answered, offered } = await begun(
    ['tool: mcp.everything.*'],
    [['mcp.everything.get-tiny-image', {}]],
  );
  const { asked, cards } = await answered('deny');
  expect(asked).toEqual(['mcp.everything.get-tiny-image']);
  expect(cards.map(({ state }) => state)).toEqual(['denied']);
  const names = offered().map(({ name }) => name);
  expect(names).toContain('mcp.everything.echo');
  expect(names.filter((name) => name.includes(':'))).toEqual([]);
  const other = await begun(
    ['tool: mcp.everything:list_resources', 'tool: mcp.everything:read_resource'],
    [
      ['mcp.everything:list_resources', {}],
      ['mcp.everything:read_resource', { uri: 'demo://resource/dynamic/text/1' }],
    ],
  );
  const done = await other.answered('once');
  expect(done.asked).toEqual(['mcp.everything:read_resource']);
  expect(done.cards.map(({ state }) => state)).toEqual(['done', 'done']);
});
