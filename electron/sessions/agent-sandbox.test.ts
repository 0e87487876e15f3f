import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type AgentSessionWish, agentSessionWishSchema } from '../../shared/agent-session.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { createNamespaceExecutor } from '../sandbox/namespace-executor.ts';
import { createReviewer } from '../sandbox/review.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { readTool, runTool, writeTool } from './agents/testing/some-tools.ts';
import { type ScriptedAnswer, ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

const capabilities = [
  'tool: read',
  'tool: write',
  'tool: run',
  'file_read: $folder/*',
  'file_write: $folder/*',
  'exec: *',
];

function place() {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(work, 0o777);
  writeFileSync(join(work, 'file'), 'as it was');
  chmodSync(join(work, 'file'), 0o666);
  return { folder, work };
}

/** A life on a folder, with real sandboxes. */
async function life(
  folder: string,
  script: (said: string) => readonly ScriptedAnswer[],
  clock: Clock = systemClock,
) {
  const data = join(folder, 'data');
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data,
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  const some = await someAgentSessions({
    folder,
    clock,
    executor,
    reviewer: createReviewer({ openOwn: executor.openOwn, masked: () => Promise.resolve([data]) }),
    agents: [someAgent({ capabilities })],
    tools: [readTool, writeTool, runTool],
    models: (record) =>
      new ScriptedModels(record, ({ messages }) => {
        const asked = messages.findLastIndex(
          ({ role, parts }) => role === 'user' && parts.some(({ kind }) => kind === 'text'),
        );
        const said = messages[asked]?.parts.find((part) => part.kind === 'text');
        const steps = script(said?.kind === 'text' ? said.text : '');
        return (
          steps[messages.slice(asked).filter(({ role }) => role === 'assistant').length] ?? { text: 'done' }
        );
      }),
  });
  const open = (folders: AgentSessionWish['folders']) =>
    some.sessions.open(agentSessionWishSchema.parse({ agent: 'tester', folders }), operator);
  let turns = 0;
  const ask = async (id: string, text: string) => {
    turns = some.sessions.get(id).turns;
    await some.sessions.send(id, [{ kind: 'text', text }], operator);
    await until(some.sessions, id, (one) => rested(one) && one.turns > turns);
    const { entries } = await some.sessions.transcript(id, undefined, 100);
    return entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
  };
  return { ...some, open, ask };
}

const call = (tool: string, input: Record<string, unknown>): ScriptedAnswer => ({ calls: [{ tool, input }] });
const run = (line: string, writes = true) => call('run', { argv: ['sh', '-c', line], writes });

test('files and commands of an agent happen in its sandbox, under its own rights, which may be less for one call', async () => {
  const { folder, work } = place();
  const { open, ask, sessions } = await life(folder, () => [
    call('read', { path: 'file' }),
    run('cat file; echo new > made && echo wrote', false),
    run('echo new > made && echo wrote'),
    call('read', { path: '/etc/shadow' }),
  ]);
  const { id } = await open([{ path: work, mode: 'rw' }]);
  expect(sessions.get(id).sandboxed).toBe(false);
  const cards = await ask(id, 'go');
  expect(sessions.get(id).sandboxed).toBe(true);
  expect(cards.map(({ state, result }) => [state, result])).toMatchObject([
    ['done', 'as it was'],
    ['failed', expect.stringContaining('Permission denied')],
    ['done', 'wrote\n'],
    ['failed', expect.stringContaining('was refused')],
  ]);
  expect(readFileSync(join(work, 'made'), 'utf8')).toBe('new\n');
  await sessions.stop(id, operator);
  expect(sessions.get(id)).toMatchObject({ sandboxed: false, review: 'none' });
});

test('what was changed under review outlives the sandbox and the life, and is decided on at the end', async () => {
  const { folder, work } = place();
  const script = (said: string) =>
    said === 'first'
      ? [call('write', { path: 'file', content: 'mine' }), run('echo one > one')]
      : [run('cat file one; echo two > two')];
  const first = await life(folder, script);
  const { id } = await first.open([{ path: work, mode: 'review' }]);
  await first.ask(id, 'first');
  expect(readFileSync(join(work, 'file'), 'utf8')).toBe('as it was');
  await first.close();

  const second = await life(folder, script);
  const cards = await second.ask(id, 'second');
  expect(cards.at(-1)).toMatchObject({ state: 'done', result: 'mineone\n' });
  const ended = await second.sessions.stop(id, operator);
  expect(ended).toMatchObject({ activity: 'ended', review: 'waiting' });
  const [changed] = await second.sessions.changes(id);
  expect(changed?.changes.map(({ path, kind }) => [path.slice(work.length + 1), kind]).toSorted()).toEqual([
    ['file', 'modified'],
    ['one', 'added'],
    ['two', 'added'],
  ]);
  await second.sessions.apply(id, null, operator);
  expect(readFileSync(join(work, 'file'), 'utf8')).toBe('mine');
  expect(readFileSync(join(work, 'two'), 'utf8')).toBe('two\n');
  expect(second.sessions.get(id).review).toBe('applied');
  const { entries } = await second.sessions.transcript(id, undefined, 100);
  expect(entries).toContainEqual(
    expect.objectContaining({
      kind: 'note',
      text: expect.stringContaining('Gone with the life before') as string,
    }),
  );
});

test('a sandbox without work for five minutes is taken down, and the agent hears that what was in it is gone', async () => {
  const { folder, work } = place();
  let rest: () => void = () => undefined;
  const clock: Clock = {
    now: () => systemClock.now(),
    after(milliseconds, then) {
      if (milliseconds !== 5 * 60_000) return systemClock.after(milliseconds, then);
      rest = then;
      return () => (rest = () => undefined);
    },
  };
  const script = (said: string) =>
    said === 'first' ? [run('echo mine > ~/mine; cat ~/mine')] : [run('cat ~/mine')];
  const { open, ask, sessions, models } = await life(folder, script, clock);
  const { id } = await open([{ path: work, mode: 'rw' }]);
  expect((await ask(id, 'first')).at(-1)).toMatchObject({ state: 'done', result: 'mine\n' });
  rest();
  await until(sessions, id, ({ sandboxed }) => !sandboxed);
  expect((await ask(id, 'second')).at(-1)).toMatchObject({ state: 'failed' });
  const told = JSON.stringify((models as ScriptedModels).calls.at(-1)?.messages);
  expect(told).toContain('The sandbox was taken down: nothing was done in it for five minutes.');
  const { entries } = await sessions.transcript(id, undefined, 100);
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: 'note', text: expect.stringContaining('lost its sandbox') as string }),
  );
  expect((models as ScriptedModels).calls.at(-1)?.system).toContain('/home/sandbox, /dev/shm');
});
