import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../../shared/agent-session.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import { Agents } from '../../agents/agents.ts';
import { testFolder } from '../testing/some-sessions.ts';
import { wantedAgent } from './child-agent.ts';
import { ScriptedModels } from './testing/scripted-models.ts';
import {
  AgreeingApprovals,
  operator,
  rested,
  someAgentSessions,
  until,
} from './testing/some-agent-sessions.ts';
import { someAgent } from './testing/some-agent.ts';
import { notingTool, spawnTool } from './testing/some-tools.ts';

test('an agent that a call describes is none of those that are declared, and keeps nothing', async () => {
  const folder = testFolder();
  const places = { own: join(folder, 'own'), bundled: join(folder, 'bundled') };
  mkdirSync(places.bundled);
  writeFileSync(join(places.bundled, 'coder.yaml'), 'name: coder\nnotes: { max_count: 5 }\n');
  writeFileSync(join(places.bundled, 'broken.yaml'), 'name: broken\nnonsense: 1\n');
  const agents = new Agents(places);
  for (const name of ['coder', 'broken']) {
    await expect(wantedAgent(agents, { name, system_prompt: 'Be another.' })).rejects.toThrow(
      /already, and this is another/,
    );
  }
  const memory = { episodic_enabled: true };
  const own = await wantedAgent(agents, { name: 'own', extends: 'coder', memory });
  expect(own).toMatchObject({
    name: 'own',
    notes: { mostCount: 0, section: 'off' },
    memory: { episodic: false },
  });
  expect(await wantedAgent(agents, 'coder')).toMatchObject({ notes: { mostCount: 5 } });
});

test('what asks for its parent asks for a child, and nothing that holds the parent in is wider for it', async () => {
  const approvals = new AgreeingApprovals();
  const limits = { ...someAgent().limits, depth: 1, children: 1 };
  const parent = someAgent({
    capabilities: ['tool: note', 'tool: spawn', 'spawn_agent: *'],
    ask: ['tool: note'],
    approvalRequired: ['note'],
    approvals: 'actions',
    limits,
    sandbox: {
      ...someAgent().sandbox,
      image: 'mine',
      limits: sandboxLimitsSchema.parse({ memoryBytes: 2 ** 30 }),
    },
  });
  const child = someAgent({
    name: 'child',
    capabilities: ['tool: note'],
    approvals: 'boundaries',
    limits: { ...limits, depth: 16, children: 16 },
    sandbox: {
      kind: 'container',
      image: 'another',
      loopback: true,
      unixSockets: true,
      limits: sandboxLimitsSchema.parse({ processes: 100_000, cpus: 1 }),
    },
  });
  const { sessions, record } = await someAgentSessions({
    agents: [parent, child],
    approvals,
    tools: [notingTool([]), spawnTool],
    models: (of) =>
      new ScriptedModels(of, ({ agent }, answers) => {
        if (answers > 0) return { text: 'done' };
        return agent === 'child'
          ? { calls: [{ tool: 'note', input: { line: 'x' } }] }
          : { calls: [{ tool: 'spawn', input: { agents: ['child'], message: 'Help.' } }] };
      }),
  });
  const { id } = await sessions.open(agentSessionWishSchema.parse({ agent: 'tester' }), operator);
  await sessions.send(id, [{ kind: 'text', text: 'Do it.' }], operator);
  await until(sessions, id, rested);
  const noted = approvals.asked.find(({ tool }) => tool.name === 'note');
  expect(noted?.level).toBe('boundaries');
  expect(noted?.crossings.map(({ kind }) => kind)).toEqual(['declared', 'declared']);
  const { events } = await record.query({ filter: { kinds: ['session.opened'] }, limit: 9 });
  const opened = events.find(({ scope }) => scope.agent === 'child')!;
  const { content } = await record.blob(opened.seq, 0, 0);
  expect(JSON.parse(Buffer.from(content).toString())).toMatchObject({
    limits: { depth: 1, children: 1 },
    sandbox: {
      kind: 'namespace',
      image: 'mine',
      loopback: false,
      unixSockets: false,
      limits: { memoryBytes: 2 ** 30, processes: 512, cpus: 1 },
    },
  });
});
