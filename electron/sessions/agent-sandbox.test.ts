import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../base/clock.ts';
import { callOf, runLine, sandboxLife, somePlace } from './agents/testing/sandbox-life.ts';
import type { ScriptedModels } from './agents/testing/scripted-models.ts';
import { type AgreeingApprovals, operator, until } from './agents/testing/some-agent-sessions.ts';

test('files and commands of an agent happen in its sandbox, under its own rights, which may be less for one call', async () => {
  const { folder, work } = somePlace();
  const { open, ask, sessions } = await sandboxLife(folder, () => [
    callOf('read', { path: 'file' }),
    runLine('cat file; echo new > made && echo wrote', false),
    runLine('echo new > made && echo wrote'),
    callOf('read', { path: '/etc/shadow' }),
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
  const { folder, work } = somePlace();
  const script = (said: string) =>
    said === 'first'
      ? [callOf('write', { path: 'file', content: 'mine' }), runLine('echo one > one')]
      : [runLine('cat file one; echo two > two')];
  const first = await sandboxLife(folder, script);
  const { id } = await first.open([{ path: work, mode: 'review' }]);
  await first.ask(id, 'first');
  expect(readFileSync(join(work, 'file'), 'utf8')).toBe('as it was');
  await first.close();

  const second = await sandboxLife(folder, script);
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

test('what is to be run under review is told by the session’s own version, which its approval is bound to', async () => {
  const { folder, work } = somePlace();
  writeFileSync(join(work, 'run.sh'), '#!/bin/sh\necho of the person\n', { mode: 0o755 });
  const own = '#!/bin/sh\necho of the agent\n';
  const run = callOf('run', { argv: ['./run.sh'], writes: false });
  const { open, ask, approvals } = await sandboxLife(folder, () => [
    run,
    callOf('write', { path: 'run.sh', content: own }),
    run,
  ]);
  const { id } = await open([{ path: work, mode: 'review' }]);
  const cards = await ask(id, 'go');
  expect(cards.map(({ result }) => result)).toMatchObject([
    'of the person\n',
    expect.anything(),
    'of the agent\n',
  ]);
  const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
  const { asked } = approvals as AgreeingApprovals;
  const persons = hash(readFileSync(join(work, 'run.sh')));
  expect(asked.map(({ executed }) => executed)).toEqual([persons, null, hash(own)]);
});

test('a sandbox without work for five minutes is taken down, and the agent hears that what was in it is gone', async () => {
  const { folder, work } = somePlace();
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
    said === 'first' ? [runLine('echo mine > ~/mine; cat ~/mine')] : [runLine('cat ~/mine')];
  const { open, ask, sessions, models } = await sandboxLife(folder, script, { clock });
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
