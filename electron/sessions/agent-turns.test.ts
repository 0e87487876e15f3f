import { expect, test } from 'vitest';
import {
  type AgentSession,
  agentSessionWishSchema,
  type TranscriptEntry,
} from '../../shared/agent-session.ts';
import type { Agent } from '../../shared/agent.ts';
import { Problem } from '../../shared/problem.ts';
import type { Tool } from '../tools/tool.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool, spawnTool } from './agents/testing/some-tools.ts';
import { type ScriptedAnswer, ScriptedModels } from './agents/testing/scripted-models.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const say = (text: string) => [{ kind: 'text' as const, text }];
const note = (line: unknown, malformed?: string): ScriptedAnswer => ({
  calls: [{ tool: 'note', input: { line }, ...(malformed ? { malformed } : {}) }],
});
const { limits } = someAgent();

interface Told {
  readonly done: string[];
  readonly session: AgentSession;
  readonly entries: TranscriptEntry[];
  readonly models: ScriptedModels;
}

/** One turn by a script, with what was really done. */
async function turn(
  script: readonly ScriptedAnswer[],
  said: Partial<Agent> = {},
  tools?: (done: string[]) => Tool[],
): Promise<Told> {
  const done: string[] = [];
  const { sessions, models } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: note'], ...said })],
    tools: tools?.(done) ?? [notingTool(done)],
    models: (record) => new ScriptedModels(record, script),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Do it.'), operator);
  const session = await until(sessions, id, rested);
  const { entries } = await sessions.transcript(id, undefined, 200);
  return { done, session, entries, models: models as ScriptedModels };
}

const notes = ({ entries }: Told) => entries.flatMap((entry) => (entry.kind === 'note' ? [entry.text] : []));
const cards = ({ entries }: Told) => entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
/** What the model was told at last. */
const lastTold = ({ models }: Told) => JSON.stringify(models.calls.at(-1)?.messages.at(-1));

test('a call that does not fit its schema, or is no JSON, or of no tool, is answered with what is wrong and never done', async () => {
  const told = await turn([
    note(7),
    note('x', 'unexpected end'),
    { calls: [{ tool: 'missing', input: {} }] },
    note('right'),
    { text: 'done' },
  ]);
  expect(told.done).toEqual(['right']);
  expect(cards(told).map(({ state }) => state)).toEqual(['denied', 'denied', 'denied', 'done']);
  expect(cards(told)[0]?.result).toMatch(/expected string.*schema/s);
  expect(cards(told)[1]?.result).toContain('unexpected end');
  expect(cards(told)[2]?.result).toContain('There are: note.');
});

test('a tool without a token is not offered, and refused where it is called all the same', async () => {
  const told = await turn([note('no'), { text: 'done' }], { capabilities: [] });
  expect(told.models.calls[0]?.tools).toEqual([]);
  expect(told.done).toEqual([]);
  expect(cards(told)).toMatchObject([
    { state: 'denied', result: expect.stringContaining('was refused') as string },
  ]);
});

test('parallel-safe neighbours run side by side, the others in their order, and each call gets its result', async () => {
  const both = Promise.withResolvers<void>();
  let running = 0;
  const told = await turn(
    [{ calls: ['a', 'b'].map((line) => ({ tool: 'note', input: { line } })) }, { text: 'done' }],
    {},
    (done) => {
      const plain = notingTool(done, { parallel: true });
      const run: Tool['run'] = async (input, hands, signal) => {
        if (++running === 2) both.resolve();
        await both.promise;
        return plain.run(input, hands, signal);
      };
      return [{ ...plain, run }];
    },
  );
  expect(told.done.toSorted()).toEqual(['a', 'b']);
  const results = told.models.calls.at(-1)?.messages.at(-1)?.parts;
  expect(results).toMatchObject([
    { kind: 'result', ok: true },
    { kind: 'result', ok: true },
  ]);
});

test('limits end a turn with their reason, and every call of the last answer has a result', async () => {
  const steps = await turn(
    Array.from({ length: 9 }, (_, i) => note(`${i}`)),
    { limits: { ...limits, iterations: 2 } },
  );
  expect(steps.done).toEqual(['0', '1']);
  expect(notes(steps)).toEqual(['stopped: it took as many steps as it may']);
  const tokens = await turn(
    Array.from({ length: 9 }, (_, i) => note(`${i}`)),
    { limits: { ...limits, tokens: 40 } },
  );
  expect(notes(tokens)).toEqual(['stopped: it used as many tokens as it may']);
  expect(cards(tokens).every(({ state }) => state === 'done')).toBe(true);
});

test('an answer that was cut off is continued, an empty one asked for again, and an unused output tool reminded of', async () => {
  const cut = await turn([{ text: 'half an', stop: 'length' }, { text: ' answer' }]);
  expect(lastTold(cut)).toContain('cut off');
  expect(cut.entries.filter(({ kind }) => kind === 'answer')).toHaveLength(2);
  const empty = await turn([{}, { text: 'now' }]);
  expect(lastTold(empty)).toContain('was empty');
  const nudged = await turn([{ text: 'done?' }, note('out'), { text: 'done' }], {
    outputTool: 'note',
    limits: { ...limits, nudges: 1 },
  });
  expect(nudged.done).toEqual(['out']);
});

test('the same call over and over is told to the model, and then refused', async () => {
  const told = await turn([...Array.from({ length: 12 }, () => note('same')), { text: 'done' }]);
  expect(told.done).toHaveLength(8);
  expect(cards(told)[2]?.result).toContain('3 times in this turn');
  expect(cards(told)[8]).toMatchObject({ state: 'denied' });
});

test('a model that cannot be had ends the turn with its problem; the next message goes on from what was said', async () => {
  const done: string[] = [];
  const { sessions } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: note'] })],
    tools: [notingTool(done)],
    models: (record) =>
      new ScriptedModels(record, ({ messages }) =>
        JSON.stringify(messages).includes('Again')
          ? { text: 'Here I am.' }
          : { fails: new Problem('unreachable', 'Nobody is there.') },
      ),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Do it.'), operator);
  await until(sessions, id, rested);
  await sessions.send(id, say('Again.'), operator);
  const session = await until(sessions, id, (one) => rested(one) && one.turns === 2);
  expect(session.activity).toBe('idle');
  const { entries } = await sessions.transcript(id, undefined, 100);
  expect(entries.map((entry) => (entry.kind === 'note' ? entry.text : entry.kind))).toEqual([
    'person',
    'stopped: Nobody is there.',
    'person',
    'answer',
  ]);
});

test('a long conversation is told shorter; the summary stands for what was said, which stays in the transcript', async () => {
  const long = 'word '.repeat(400);
  const done: string[] = [];
  const { sessions, models } = await someAgentSessions({
    agents: [
      someAgent({ capabilities: ['tool: note'], memory: { ...someAgent().memory, contextTokens: 3000 } }),
    ],
    tools: [notingTool(done)],
    models: (record) =>
      new ScriptedModels(record, ({ system, messages }) => {
        if (system.includes('condense')) return { text: 'THE SUMMARY' };
        const results = messages
          .flatMap(({ parts }): readonly { kind: string }[] => parts)
          .filter(({ kind }) => kind === 'result').length;
        const kept = done.length;
        return kept < 8
          ? { ...note(`${kept} ${long}`), usage: { input: 600 * (results + 1), output: 500 } }
          : { text: 'done' };
      }),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Do it.'), operator);
  await until(sessions, id, rested);
  expect(done).toHaveLength(8);
  const calls = (models as ScriptedModels).calls.filter(({ system }) => !system.includes('condense'));
  expect(calls.at(-1)?.system).toContain('THE SUMMARY');
  for (const { messages } of calls) {
    const made = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'call' ? [part.call] : [])),
    );
    const had = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'result' ? [part.call] : [])),
    );
    expect(had).toEqual(made);
  }
  const { entries } = await sessions.transcript(id, undefined, 500);
  expect(entries.filter(({ kind }) => kind === 'call')).toHaveLength(8);
});

test('an interrupted turn ends with results for its calls, a paused one rests where it is and goes on', async () => {
  const done: string[] = [];
  const started = Promise.withResolvers<void>();
  const slow = { ...notingTool(done) };
  const run: Tool['run'] = (_, __, signal) =>
    new Promise((_resolve, reject) => {
      started.resolve();
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const { sessions } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: *'] })],
    tools: [{ ...slow, name: 'slow', run }, notingTool(done)],
    models: (record) =>
      new ScriptedModels(record, [
        { calls: ['slow', 'note'].map((tool) => ({ tool, input: { line: 'x' } })) },
        note('after'),
        { text: 'done' },
      ]),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Do it.'), operator);
  await started.promise;
  await sessions.interrupt(id);
  const { entries } = await sessions.transcript(id, undefined, 100);
  expect(entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card.state] : []))).toEqual([
    'failed',
    'denied',
  ]);
  expect(sessions.get(id)).toMatchObject({ activity: 'idle', turns: 1 });

  expect(await sessions.pause(id, operator)).toMatchObject({ activity: 'paused' });
  await sessions.send(id, say('Go on.'), operator);
  expect(sessions.get(id)).toMatchObject({ activity: 'paused', queued: 1 });
  await sessions.resume(id, operator);
  await until(sessions, id, (one) => one.turns === 2 && one.activity === 'idle');
  expect(done).toEqual(['after']);
});

test('children work under rights narrowed from their parent’s, end with the call, and one that fails is an answer', async () => {
  const done: string[] = [];
  const parent = someAgent({
    capabilities: ['tool: note', 'tool: spawn', 'spawn_agent: [child, greedy, broken]'],
  });
  const { sessions } = await someAgentSessions({
    agents: [
      parent,
      someAgent({ name: 'child', capabilities: ['tool: note'] }),
      someAgent({ name: 'greedy', capabilities: ['tool: note', 'exec: *'] }),
      someAgent({ name: 'broken', capabilities: [] }),
    ],
    tools: [notingTool(done), spawnTool],
    models: (record) =>
      new ScriptedModels(record, ({ agent }, answers) => {
        if (agent === 'broken') return { fails: new Problem('unreachable', 'No model.') };
        if (agent === 'child') return answers === 0 ? note('by the child') : { text: 'child is done' };
        const agents = ['child', 'greedy', 'broken'];
        return answers === 0
          ? { calls: [{ tool: 'spawn', input: { agents, message: 'Help.' } }] }
          : { text: 'done' };
      }),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Do it.'), operator);
  await until(sessions, id, rested);
  expect(done).toEqual(['by the child']);
  const { entries } = await sessions.transcript(id, undefined, 100);
  const [card] = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
  expect(JSON.parse(card?.result ?? '')).toMatchObject([
    { agent: 'child', response: 'child is done', stopReason: 'complete', error: null, retried: false },
    { agent: 'greedy', error: expect.stringContaining('exec: *') as string },
    { agent: 'broken', error: 'No model.', retried: true },
  ]);
  const children = sessions.list({ most: 100 }).filter(({ parent: above }) => above === id);
  expect(children.map(({ agent, activity, depth }) => `${agent} ${activity} ${depth}`).toSorted()).toEqual([
    'broken ended 1',
    'broken ended 1',
    'child ended 1',
  ]);
});
