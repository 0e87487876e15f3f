import { expect, onTestFinished, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import { Problem } from '../../shared/problem.ts';
import type { Approvals } from '../approvals/asking.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Executor } from '../sandbox/sandbox.ts';
import type { Tool } from '../tools/tool.ts';
import { operator, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool, runTool } from './agents/testing/some-tools.ts';
import { type ScriptedAnswer, ScriptedModels } from './agents/testing/scripted-models.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const say = (text: string) => [{ kind: 'text' as const, text }];
const two: ScriptedAnswer = {
  calls: [
    { tool: 'note', input: { line: 'one' } },
    { tool: 'note', input: { line: 'two' } },
  ],
};

/** Time in which nobody waits long: what would take seconds takes none. */
const impatient: Clock = {
  now: () => systemClock.now(),
  after: (_, call) => systemClock.after(1, call),
};

interface Situation {
  readonly script: (reached: () => void) => ScriptedAnswer | Promise<ScriptedAnswer>;
  readonly tools?: (reached: () => void, done: string[]) => readonly Tool[];
  readonly approvals?: (reached: () => void) => Approvals;
  readonly executor?: (reached: () => void) => Executor;
}

const never = <Value>() => new Promise<Value>(() => undefined);
const stopped = <Value>(signal: AbortSignal) =>
  new Promise<Value>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** Where a session may be when somebody stops it. */
const situations: Readonly<Record<string, Situation>> = {
  'waiting for approval': {
    script: () => two,
    approvals: (reached) => ({
      decide(_, __, signal) {
        reached();
        return stopped(signal);
      },
      question: () => never(),
      withdraw: () => Promise.resolve(),
    }),
  },
  'out of budget': {
    script(reached) {
      reached();
      return { fails: new Problem('budget_exhausted', 'There is nothing left.') };
    },
  },
  'waiting for a model that says nothing, and does not hear that it is to stop': {
    script(reached) {
      reached();
      return never();
    },
  },
  'in a call that does not end when it is told to': {
    script: () => two,
    tools: (reached, done) => [
      {
        ...notingTool(done),
        run() {
          reached();
          return never();
        },
      },
    ],
  },
  'waiting for its sandbox': {
    script: () => ({ calls: [{ tool: 'run', input: { argv: ['true'] } }] }),
    tools: () => [runTool],
    executor: (reached) =>
      ({
        kind: 'namespace',
        check: () => never(),
        prepare(_: unknown, signal: AbortSignal) {
          reached();
          return stopped(signal);
        },
        close: () => Promise.resolve(),
      }) as unknown as Executor,
  },
};

async function inSituation({ script, tools, approvals, executor }: Situation) {
  const { promise, resolve: reached } = Promise.withResolvers<void>();
  const done: string[] = [];
  const some = await someAgentSessions({
    clock: impatient,
    agents: [someAgent({ capabilities: ['tool: *', 'exec: *'] })],
    tools: tools?.(reached, done) ?? [notingTool(done)],
    ...(approvals ? { approvals: approvals(reached) } : {}),
    ...(executor ? { executor: executor(reached) } : {}),
    models: (record) => new ScriptedModels(record, () => script(reached)),
  });
  const { id } = await some.sessions.open(wish, operator);
  await some.sessions.send(id, say('Go.'), operator);
  await promise;
  return { ...some, id, done };
}

for (const [where, situation] of Object.entries(situations)) {
  for (const force of [false, true]) {
    test(`a session ${where} can be stopped${force ? ' by force' : ''}, and each of its calls has an end`, async () => {
      const { sessions, id, done } = await inSituation(situation);
      const ended = await sessions.stop(id, operator, force);
      expect(ended).toMatchObject({ activity: 'ended', outcome: { label: 'cancelled' } });
      const { entries } = await sessions.transcript(id, undefined, 100);
      const states = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card.state] : []));
      expect(states.every((state) => state === 'denied' || state === 'failed')).toBe(true);
      expect(done).toEqual([]);
      await expect(sessions.send(id, say('More.'), operator)).rejects.toMatchObject({ code: 'conflict' });
    });
  }
}

for (const [where, situation] of Object.entries(situations)) {
  test(`the turn of a session ${where} can be ended, and each of its calls has an end`, async () => {
    const { sessions, id, done } = await inSituation(situation);
    expect((await sessions.interrupt(id)).activity).not.toBe('ended');
    const { entries } = await sessions.transcript(id, undefined, 100);
    const states = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card.state] : []));
    expect(states.every((state) => state === 'denied' || state === 'failed')).toBe(true);
    expect(done).toEqual([]);
    expect(sessions.get(id)).toMatchObject({ turns: 1, queued: 0 });
  });
}

test('a call that ignores that its turn is ended is told as given up; what it does later counts for nothing', async () => {
  const done: string[] = [];
  const running = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const { sessions, record, models } = await someAgentSessions({
    clock: impatient,
    agents: [someAgent({ capabilities: ['tool: *'] })],
    tools: [
      {
        ...notingTool(done),
        async run(input) {
          running.resolve();
          await goOn.promise;
          done.push((input as { line: string }).line);
          over.resolve();
          return { ok: true, content: say('noted at last') };
        },
      },
    ],
    models: (of) => new ScriptedModels(of, [two, { text: 'I look first.' }]),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Go.'), operator);
  await running.promise;
  const states = async () =>
    (await sessions.transcript(id, undefined, 100)).entries.flatMap((entry) =>
      entry.kind === 'call' ? [entry.card.state] : [],
    );
  expect(await states()).toEqual(['running', 'queued']);
  await sessions.interrupt(id);
  expect(await states()).toEqual(['failed', 'denied']);
  goOn.resolve();
  await over.promise;
  await sessions.send(id, say('What now?'), operator);
  await until(sessions, id, ({ turns, activity }) => turns === 2 && activity === 'idle');
  const told = JSON.stringify((models as ScriptedModels).calls.at(-1)!.messages);
  expect(told).toContain('was given up: whether it was done is unknown');
  expect(told).not.toContain('noted at last');
  expect(done).toEqual(['one']);
  const { events } = await record.query({ filter: { session: id, kinds: ['tool.finished'] }, limit: 10 });
  expect(events.length).toBe(2);
});

test('a call that runs may end by itself when its session is stopped, and the next of its answer does not begin', async () => {
  const done: string[] = [];
  const running = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const { sessions } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: *'] })],
    tools: [
      {
        ...notingTool(done),
        async run(input) {
          running.resolve();
          await goOn.promise;
          done.push((input as { line: string }).line);
          return { ok: true, content: say('noted') };
        },
      },
    ],
    models: (record) => new ScriptedModels(record, [two]),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Go.'), operator);
  await running.promise;
  const stopping = sessions.stop(id, operator);
  goOn.resolve();
  expect(await stopping).toMatchObject({ activity: 'ended' });
  expect(done).toEqual(['one']);
  const { entries } = await sessions.transcript(id, undefined, 100);
  const states = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card.state] : []));
  expect(states).toEqual(['done', 'denied']);
});

test('whoever stops by force does not wait for the grace that another gave', async () => {
  const running = Promise.withResolvers<void>();
  const { sessions } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: *'] })],
    tools: [
      {
        ...notingTool([]),
        run(_, __, signal) {
          running.resolve();
          return stopped(signal);
        },
      },
    ],
    models: (record) => new ScriptedModels(record, [two]),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Go.'), operator);
  await running.promise;
  const patiently = sessions.stop(id, operator);
  let isOver = false;
  onTestFinished(() => expect(isOver).toBe(true));
  await sessions.stop(id, operator, true);
  isOver = true;
  expect(await patiently).toMatchObject({ activity: 'ended' });
});
