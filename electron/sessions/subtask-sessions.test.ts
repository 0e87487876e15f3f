import { existsSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { Interrupted } from '../agents/interrupted.ts';
import type { HowToDecide, PlannedCall, Verdict } from '../approvals/asking.ts';
import { newId } from '../base/ids.ts';
import { count } from '../base/test-counts.ts';
import { processesWith } from '../sandbox/testing/marked-processes.ts';
import {
  givenFolder,
  partLife,
  partPlace,
  runner,
  scaffolded,
  someOrder,
  someRun,
  unheard,
} from './agents/testing/part-life.ts';
import { AgreeingApprovals, never, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool, spawnTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';

/** What a shell, or a line of its words, would take for something else. */
const hard = [
  '$(id)',
  "it's",
  '',
  ' two  words ',
  '*',
  '\n',
  '--',
  '`true`',
  '"',
  '\\',
  '~',
  '{a,b}',
  '!!',
  '&& id',
];
const argument = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((text) => text.isWellFormed() && !text.includes('\0'));

test('a program runs with exactly its arguments in a sandbox, its report lies in the folder of the run, and all of it is told with the run', async () => {
  const folder = partPlace();
  const { subtasks, record } = await partLife(folder);
  const run = someRun(folder);
  const report = join(run.runFolder, 'report.txt');
  const said = [...hard, ...fc.sample(argument, count(200, 900))];
  const agent = scaffolded(runner(['printf', '[%s]', ...said], report), run.runFolder);
  const order = someOrder(run, { agent });
  const heard: string[] = [];
  const end = await subtasks.carry(order, { ...unheard, session: (id) => void heard.push(id) }, never);
  expect(end).toMatchObject({
    outcome: { label: 'success', reason: null },
    retry: null,
    answer: said.map((each) => `[${each}]`).join(''),
    signals: [],
    usage: { input: 0, output: 0 },
    cost: 0,
    model: 'holdfast/runner',
  });
  expect(readFileSync(report, 'utf8')).toBe(end.answer);
  expect(heard).toEqual([end.session]);
  const { events } = await record.query({ filter: { session: end.session }, limit: 200 });
  const others = events.filter(({ scope }) => scope.run !== run.run || scope.subtask !== order.subtask);
  expect(others.map(({ kind }) => kind)).toEqual([]);
  const kinds = new Set(events.map(({ kind }) => kind));
  const told = ['capability.granted', 'session.opened', 'session.started', 'tool.invoked', 'tool.finished'];
  for (const kind of [...told, 'turn.finished', 'capability.revoked', 'session.ended'])
    expect(kinds).toContain(kind);
  expect(kinds).not.toContain('model.requested');
  expect((await record.rebuild({ kind: 'operator' })).differences).toBe(0);
});

test('what fails says why, and nothing is there that was not given', async () => {
  const folder = partPlace();
  const { subtasks } = await partLife(folder);
  const run = someRun(folder);
  const other = someRun(folder);
  const hidden = givenFolder(folder, 'hidden');
  const report = join(run.runFolder, 'report');
  const carry = (argv: string[]) => {
    const agent = scaffolded(runner(argv, report), run.runFolder);
    return subtasks.carry(someOrder(run, { agent }), unheard, never);
  };
  const failed = await carry(['sh', '-c', 'echo early; echo late >&2; exit 3']);
  expect(failed).toMatchObject({ outcome: { label: 'work_failed' }, retry: 'tool_error' });
  expect(failed.outcome.reason).toMatch(/^It ended with exit code 3\. It said last: early\nlate/);
  expect(readFileSync(report, 'utf8')).toMatch(/early/);
  const { outcome } = await carry(['no-such-program']);
  expect(outcome).toEqual({
    label: 'work_failed',
    reason: '“no-such-program” ended with exit code 127: There is no such program.',
  });
  const looks = `ls ${hidden} ${other.runFolder} ${join(folder, 'data')}/keys; touch ${hidden}/new ${other.runFolder}/new`;
  expect((await carry(['sh', '-c', looks])).outcome.label).toBe('work_failed');
  expect([hidden, other.runFolder].map((path) => existsSync(join(path, 'new')))).toEqual([false, false]);
  const bare = scaffolded(runner(['true']), run.runFolder, {
    capabilities: [`file_write: ${run.runFolder}/*`],
  });
  const refused = await subtasks.carry(someOrder(run, { agent: bare }), unheard, never);
  expect(refused.outcome).toMatchObject({ label: 'work_failed' });
});

test('given folders are used as they were given: for reading alone, or asked about first where they are written', async () => {
  const folder = partPlace();
  const approvals = new AgreeingApprovals();
  const { subtasks } = await partLife(folder, { approvals });
  const run = someRun(folder);
  const given = givenFolder(folder);
  writeFileSync(join(given, 'file'), 'given');
  const capabilities = [
    `file_read: ${given}/*`,
    `file_write: ${given}/*`,
    `file_write: ${run.runFolder}/*`,
    'exec: *',
  ];
  const carry = (mode: 'ro' | 'rw') => {
    const agent = scaffolded(
      runner(['sh', '-c', `cat ${given}/file && echo x >${given}/${mode}`]),
      run.runFolder,
      {
        capabilities,
      },
    );
    return subtasks.carry(someOrder(run, { agent, folders: [{ path: given, mode }] }), unheard, never);
  };
  expect((await carry('ro')).outcome.reason).toMatch(/given/);
  expect((await carry('rw')).outcome.label).toBe('success');
  expect([existsSync(join(given, 'ro')), existsSync(join(given, 'rw'))]).toEqual([false, true]);
  const crossings = approvals.asked.map((call) => call.crossings.map(({ kind }) => kind));
  // What is written into the folder of the run alone is nothing that a person would be asked about.
  expect(crossings).toEqual([[], ['command']]);
});

test('a folder that was put in the place of a given one is no given one', async () => {
  const folder = partPlace();
  const { subtasks } = await partLife(folder);
  const run = someRun(folder);
  const [given, other] = [givenFolder(folder), givenFolder(folder, 'other')];
  rmdirSync(given);
  symlinkSync(other, given);
  const agent = scaffolded(runner(['touch', `${other}/new`]), run.runFolder, {
    capabilities: ['file_write: *', 'exec: *'],
  });
  const order = someOrder(run, { agent, folders: [{ path: given, mode: 'rw' }] });
  await expect(subtasks.carry(order, unheard, never)).rejects.toMatchObject({ code: 'conflict' });
  expect(existsSync(join(other, 'new'))).toBe(false);
});

test('what is cancelled leaves nothing running, and what takes too long is ended', async () => {
  const folder = partPlace();
  const { subtasks, sessions } = await partLife(folder);
  const run = someRun(folder);
  const mark = `part-${run.run}`;
  const begun = join(run.runFolder, 'begun');
  const sleeper = scaffolded(runner(['sh', '-c', `touch ${begun}; sleep 1000`, mark]), run.runFolder);
  const aborting = new AbortController();
  const carried = subtasks.carry(someOrder(run, { agent: sleeper }), unheard, aborting.signal);
  const looking = new AbortController();
  for await (const _ of watch(run.runFolder, { signal: looking.signal })) if (existsSync(begun)) break;
  expect(processesWith(mark).length).toBeGreaterThan(0);
  aborting.abort(new Interrupted('A person stopped the run.', false));
  const end = await carried;
  expect(end).toMatchObject({
    outcome: { label: 'cancelled', reason: 'A person stopped the run.' },
    retry: null,
  });
  expect(processesWith(mark)).toEqual([]);
  expect(sessions.get(end.session).activity).toBe('ended');
  const late = await subtasks.carry(someOrder(run, { agent: sleeper, seconds: 1 }), unheard, never);
  expect(late).toMatchObject({
    outcome: { label: 'timed_out', reason: 'It took longer than the 1 second that it may take.' },
    retry: 'timeout',
  });
  const own = scaffolded({ ...runner(['sh', '-c', 'sleep 1000', mark]), seconds: 1 }, run.runFolder);
  expect(await subtasks.carry(someOrder(run, { agent: own }), unheard, never)).toMatchObject({
    outcome: { label: 'timed_out' },
    retry: 'timeout',
  });
  expect(processesWith(mark)).toEqual([]);
});

const steps = (calls: readonly [string, Record<string, unknown>][]) =>
  calls.map(([tool, input]) => ({ calls: [{ tool, input }] }));

test('a part with a model: what it started belongs to it, what it used is counted with it, and what was seen of it is told', async () => {
  const folder = partPlace();
  const done: string[] = [];
  let models: ScriptedModels | undefined;
  const { subtasks, record } = await partLife(folder, {
    agents: [someAgent({ name: 'helper', capabilities: ['tool: note'] })],
    tools: [spawnTool, notingTool(done)],
    models: (made) =>
      (models = new ScriptedModels(made, (call, answers) => {
        if (call.agent === 'helper') {
          subtasks.raise(run.run, raised);
          return { text: 'helped' };
        }
        const script = [
          ...steps([['spawn', { agents: ['helper'], message: 'Help.' }]]),
          ...Array.from({ length: 4 }, () => ({ calls: [{ tool: 'note', input: { line: 'same' } }] })),
          { text: 'half an answ', stop: 'length' as const },
        ];
        return script[answers] ?? { text: 'done' };
      })),
  });
  const run = someRun(folder);
  const agent = someAgent({
    name: 'worker',
    capabilities: ['tool: spawn', 'tool: note', 'spawn_agent: helper'],
    limits: { ...someAgent().limits, continuations: 0 },
  });
  const runBudget = { tokens: 5000, micros: null };
  const raised = { tokens: 9000, micros: null };
  const bound = { tokens: 700, micros: null, periodSeconds: 3600 };
  const paying = newId('session', new Date());
  const order = someOrder(run, { agent, runBudget, payer: { session: paying, agent: 'boss', ...bound } });
  const end = await subtasks.carry(order, unheard, never);
  // Whoever had the run begun pays for all of it, also for what its parts start.
  for (const { budgets } of models?.calls ?? []) {
    expect(budgets?.agents?.at(-1)).toEqual({ agent: 'boss', limit: bound });
    expect(budgets?.sessions?.at(-1)).toEqual({ session: paying, tokens: null, micros: null });
  }
  expect(models?.calls.map(({ budgets }) => budgets?.run)).toEqual(
    Array.from({ length: 7 }, (_, nth) => ({ run: run.run, ...(nth < 2 ? runBudget : raised) })),
  );
  expect(end).toMatchObject({
    outcome: { label: 'work_failed', reason: 'truncated' },
    retry: 'model_error',
    answer: 'half an answ',
    signals: ['max_tokens', 'tool_repeat_guard'],
    model: 'script/one',
    usage: { input: 70, output: 35 },
    cost: 700,
  });
  const { events } = await record.query({ filter: { subtask: order.subtask }, limit: 500 });
  expect(new Set(events.map(({ scope }) => scope.session)).size).toBe(2);
  expect(events.every(({ scope }) => scope.run === run.run)).toBe(true);
  const whole = await record.query({
    filter: { kinds: ['session.opened', 'capability.granted'] },
    limit: 500,
  });
  expect(whole.events.every(({ scope }) => scope.run === run.run)).toBe(true);
});

test('another message is answered with what was said before in mind', async () => {
  const folder = partPlace();
  const life = await partLife(folder, {
    models: (record) =>
      new ScriptedModels(record, ({ messages }) => {
        const said = JSON.stringify(messages);
        return {
          text: said.includes('a mistake') && said.includes('first plan') ? 'second plan' : 'first plan',
        };
      }),
  });
  const order = someOrder(someRun(folder), { message: 'Make a plan.' });
  expect(await life.subtasks.carry(order, unheard, never)).toMatchObject({ answer: 'first plan' });
  expect(await life.subtasks.say(order, 'It has a mistake.', unheard, never)).toMatchObject({
    answer: 'second plan',
  });
  // A life that ends before anybody was told gives the last answer again, and asks nobody.
  await life.close();
  const next = await partLife(folder, {
    models: (record) => new ScriptedModels(record, [{ text: 'third' }]),
  });
  expect(await next.subtasks.carry(order, unheard, never)).toMatchObject({ answer: 'second plan' });
});

test('a part is paused and goes on, and whatever of a run is left is ended', async () => {
  const folder = partPlace();
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const { subtasks, sessions } = await partLife(folder, {
    tools: [notingTool([])],
    models: (record) =>
      new ScriptedModels(record, async (_, answers) => {
        asked.resolve();
        await goOn.promise;
        return answers < 1 ? { calls: [{ tool: 'note', input: { line: 'x' } }] } : { text: 'done' };
      }),
  });
  const run = someRun(folder);
  const order = someOrder(run, { agent: someAgent({ capabilities: ['tool: note'] }) });
  const heard = Promise.withResolvers<`ses_${string}`>();
  const carried = subtasks.carry(order, { ...unheard, session: (id) => heard.resolve(id) }, never);
  const session = await heard.promise;
  await asked.promise;
  await subtasks.pause(session);
  goOn.resolve();
  await until(sessions, session, ({ activity }) => activity === 'paused');
  await subtasks.resume(session);
  expect((await carried).outcome.label).toBe('success');
  const left = subtasks.carry(someOrder(run, { agent: someAgent({ name: 'left' }) }), unheard, never);
  const open = await until(sessions, sessions.list({ most: 1 })[0]!.id, () => true);
  await left;
  await subtasks.endAll(run.run, 'the run is over');
  expect(sessions.get(open.id).activity).toBe('ended');
});

/** Waits for the person, as long as the test says. */
class WaitingApprovals extends AgreeingApprovals {
  readonly answered = Promise.withResolvers<void>();
  readonly put = Promise.withResolvers<void>();

  override async decide(call: PlannedCall, how?: HowToDecide): Promise<Verdict> {
    how?.put?.(newId('approval', new Date()));
    this.put.resolve();
    await this.answered.promise;
    return super.decide(call);
  }
}

test('what waits for a person is counted, and a part whose budget is used up ends', async () => {
  const folder = partPlace();
  const approvals = new WaitingApprovals();
  const { subtasks } = await partLife(folder, {
    approvals,
    tools: [notingTool([])],
    models: (record) =>
      new ScriptedModels(record, (_, answers) =>
        answers < 1
          ? { calls: [{ tool: 'note', input: { line: 'x' } }] }
          : {
              fails: new Problem('budget_exhausted', 'The budget of the run is used up.', 'Start it again.'),
            },
      ),
  });
  const order = someOrder(someRun(folder), { agent: someAgent({ capabilities: ['tool: note'] }) });
  const asked: number[] = [];
  const carried = subtasks.carry(order, { ...unheard, asking: (waits) => void asked.push(waits) }, never);
  await approvals.put.promise;
  expect(asked.at(-1)).toBe(1);
  // Also whoever goes on with it while it waits already is told.
  const told = Promise.withResolvers<number>();
  const leaving = new AbortController();
  const later = subtasks.carry(order, { ...unheard, asking: told.resolve }, leaving.signal);
  expect(await told.promise).toBe(1);
  leaving.abort(new Interrupted('left', true));
  await expect(later).rejects.toThrow('left');
  approvals.answered.resolve();
  expect(await carried).toMatchObject({
    outcome: { label: 'budget_exhausted', reason: 'The budget of the run is used up. Start it again.' },
    retry: null,
  });
  expect(asked.at(-1)).toBe(0);
});
