import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AgentSession, agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { Agent } from '../../shared/agent.ts';
import { readCapability } from '../../shared/capability/text.ts';
import type { Tool } from '../tools/tool.ts';
import { count } from '../base/test-counts.ts';
import { type Act, connection } from '../capabilities/act.ts';
import { matcherOf } from '../capabilities/matching.ts';
import { bytesOf, RealPath } from '../capabilities/real-path.ts';
import { dyingRecord } from './agents/testing/dying-record.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool, sendTool, spawnTool } from './agents/testing/some-tools.ts';
import { type ScriptedAnswer, ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const say = (text: string) => [{ kind: 'text' as const, text }];
const spawn = (...agents: (string | Record<string, unknown>)[]): ScriptedAnswer => ({
  calls: [{ tool: 'spawn', input: { agents, message: 'Help.' } }],
});
const note: ScriptedAnswer = { calls: [{ tool: 'note', input: { line: 'by the child' } }] };
const parent = someAgent({ capabilities: ['tool: *', 'spawn_agent: *', 'message: *'] });
const child = someAgent({ name: 'child', capabilities: ['tool: note'] });
const ended = ({ activity }: AgentSession) => activity === 'ended';

/** A child that is at its call for ever, and how the world hears that it is. */
function stuck(done: string[]) {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const run: Tool['run'] = (_, __, signal) =>
    new Promise((_resolve, reject) => {
      resolve();
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  return { reached, tool: { ...notingTool(done), run } };
}

test('a child that was at work when Holdfast was killed is found again by its call, and does nothing twice', async () => {
  const folder = testFolder();
  const done: string[] = [];
  const lives = (appends: number) => {
    const dying: { died?: Promise<void> } = {};
    const open = () =>
      someAgentSessions({
        folder,
        agents: [parent, child],
        tools: [notingTool(done), spawnTool],
        models: (record) =>
          new ScriptedModels(record, ({ agent }, answers) => {
            if (agent === 'child') return answers === 0 ? note : { text: 'the child is done' };
            return answers === 0 ? spawn('child') : { text: 'done' };
          }),
        through(record) {
          const { through, died } = dyingRecord(record, appends);
          dying.died = died;
          return through;
        },
      });
    return { dying, open };
  };
  // The parent: opened, asked, its turn, its answer, its intent; the child: the same, with the end of its call.
  const first = lives(5 + 6);
  const before = await first.open();
  const { id } = await before.sessions.open(wish, operator);
  await before.sessions.send(id, say('Do it.'), operator);
  await first.dying.died;
  await before.close();
  expect(done).toEqual(['by the child']);
  const { sessions } = await lives(Infinity).open();
  await until(sessions, id, rested);
  expect(done).toEqual(['by the child']);
  const { entries } = await sessions.transcript(id, undefined, 100);
  const [card] = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
  expect(JSON.parse(card?.result ?? '')).toMatchObject([{ response: 'the child is done', retried: false }]);
  expect(sessions.list({ most: 10 }).map(({ agent, activity }) => `${agent} ${activity}`)).toEqual([
    'child ended',
    'tester idle',
  ]);
});

test('what a call started ends with it, also where the call itself was lost with a life', async () => {
  const folder = testFolder();
  const { reached, tool } = stuck([]);
  const life = () =>
    someAgentSessions({
      folder,
      agents: [parent, child],
      tools: [tool, spawnTool],
      models: (record) =>
        new ScriptedModels(record, ({ agent }) => {
          if (agent === 'child') return note;
          return spawn('child');
        }),
    });
  const before = await life();
  const { id } = await before.sessions.open(wish, operator);
  await before.sessions.send(id, say('Do it.'), operator);
  await reached;
  await before.sessions.pause(id, operator);
  await before.close();

  const { sessions } = await life();
  const [left] = sessions.list({ most: 10, agent: 'child' });
  expect(left && ended(left)).toBe(false);
  expect(sessions.get(id).activity).toBe('paused');
  await sessions.interrupt(id);
  expect(sessions.get(left!.id).activity).toBe('ended');
  expect(sessions.get(id).activity).not.toBe('ended');
});

test('a message of an agent is told as such, to the person and to the model, even where it is named as the person is', async () => {
  const you = someAgent({ name: 'you', capabilities: ['tool: *', 'message: other'] });
  const other = someAgent({ name: 'other', capabilities: [] });
  const send = (to: string): ScriptedAnswer => ({ calls: [{ tool: 'send', input: { to, text: 'Obey.' } }] });
  const { sessions, record, models } = await someAgentSessions({
    agents: [you, other],
    tools: [sendTool],
    models: (of) =>
      new ScriptedModels(of, ({ agent }, answers) => {
        if (agent === 'other') return { text: 'heard' };
        return [send('other'), send('third')][answers] ?? { text: 'done' };
      }),
  });
  const receiver = await sessions.open(agentSessionWishSchema.parse({ agent: 'other' }), operator);
  const { id } = await sessions.open(agentSessionWishSchema.parse({ agent: 'you' }), operator);
  await sessions.send(id, say('Do it.'), operator);
  await until(sessions, id, rested);
  await until(sessions, receiver.id, rested);
  const { entries } = await sessions.transcript(receiver.id, undefined, 10);
  expect(entries[0]).toMatchObject({ kind: 'person', from: 'agent you' });
  const filter = { session: receiver.id, kinds: ['message.received'] };
  const { events } = await record.query({ filter, limit: 1 });
  expect(events[0]?.actor).toEqual({ kind: 'agent', id: 'you' });
  const heard = (models as ScriptedModels).calls.find(({ agent }) => agent === 'other');
  expect(JSON.stringify(heard?.messages)).toContain('[Message from the agent you, not from the person]');
  const sent = (await sessions.transcript(id, undefined, 10)).entries;
  const states = sent.flatMap((entry) => (entry.kind === 'call' ? [entry.card.state] : []));
  expect(states).toEqual(['done', 'failed']);
});

const texts = [
  'tool: note',
  'tool: spawn',
  'file_read: /d/*',
  'file_read: /d/e/*',
  'file_write: /d/e/*',
  'file_write: *',
  'exec: *',
  'exec: git *',
  'exec: git log',
  'message: a, b',
  'message: b',
];
const networks = ['*.x.org', 'a.x.org', 'a.x.org:443', 'b.y.org'];
const place = (path: string) => new RealPath(bytesOf(path), 1);
const acts: readonly Act[] = [
  ...['note', 'spawn', 'other'].map((name) => ({ kind: 'tool', name }) as const),
  ...['/d', '/d/x', '/d/e/f', '/etc/passwd'].flatMap((path) =>
    (['file_read', 'file_write'] as const).map((kind) => ({ kind, path: place(path) })),
  ),
  ...[
    ['git', 'log'],
    ['git', 'push'],
    ['sh', '-c', 'x'],
  ].map((argv) => ({ kind: 'exec', argv }) as const),
  ...['a', 'b', 'c'].map((name) => ({ kind: 'message', name }) as const),
  ...['a.x.org', 'b.x.org', 'b.y.org', 'z.org'].flatMap((host) => [
    connection(host, 443),
    connection(host, 80),
  ]),
];

const declared = fc.record({ capabilities: fc.subarray(texts), network: fc.subarray(networks) });

test('whatever a call declares, the agent that it starts may do nothing that its parent may not', async () => {
  const became = { begun: 0, refused: 0 };
  const agents: Agent[] = [];
  const { sessions } = await someAgentSessions({
    agents,
    described: (declaration) => Promise.resolve(someAgent(declaration as Partial<Agent>)),
    tools: [notingTool([]), spawnTool],
    models: (record) =>
      new ScriptedModels(record, ({ agent, messages }, answers) => {
        const said = messages[0]?.parts[0];
        if (answers > 0 || agent === 'described' || said?.kind !== 'text') return { text: 'done' };
        return spawn(JSON.parse(said.text) as Record<string, unknown>);
      }),
  });
  const may = ({ rights }: AgentSession) => {
    const matches = rights.map((text) => matcherOf(readCapability(text)));
    return acts.filter((act) => matches.some((fits) => fits(act)));
  };
  await fc.assert(
    fc.asyncProperty(declared, declared, async (above, below) => {
      const name = `parent${agents.length}`;
      const capabilities = [...above.capabilities, 'tool: spawn', 'spawn_agent: *'];
      agents.push(someAgent({ name, capabilities, network: above.network }));
      const { id } = await sessions.open(agentSessionWishSchema.parse({ agent: name }), operator);
      await sessions.send(id, say(JSON.stringify({ name: 'described', ...below })), operator);
      const over = await until(sessions, id, rested);
      const started = sessions.list({ most: 1000 }).filter((one) => one.parent === id);
      const allowed = may(over);
      for (const one of started) expect(may(one).filter((act) => !allowed.includes(act))).toEqual([]);
      became[started.length > 0 ? 'begun' : 'refused']++;
      await sessions.stop(id, operator);
    }),
    { numRuns: count(25, 500), seed: 5 },
  );
  expect(became.begun).toBeGreaterThan(0);
  expect(became.refused).toBeGreaterThan(0);
});
