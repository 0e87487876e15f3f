import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeContainerExecutor } from '../sandbox/testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import { callOf, runLine, sandboxLife, somePlace } from './agents/testing/sandbox-life.ts';
import {
  partLife,
  partPlace,
  runner,
  scaffolded,
  someOrder,
  someRun,
  unheard,
} from './agents/testing/part-life.ts';
import { never, operator } from './agents/testing/some-agent-sessions.ts';

const why = withoutEngine('dockerd');

describe.skipIf(why !== null)(`agents in containers${why === null ? '' : `, not tried here: ${why}`}`, () => {
  let docker: ThrowAwayEngine;
  beforeAll(async () => {
    docker = await startDocker();
  });
  afterAll(() => docker.stop());
  const inContainers = {
    sandbox: 'container',
    executor: (data: string) => makeContainerExecutor(docker, data),
  } as const;

  test('files and commands of an agent happen in its container, under its own rights', async () => {
    const { folder, work } = somePlace();
    const { open, ask, sessions } = await sandboxLife(
      folder,
      () => [
        callOf('read', { path: 'file' }),
        runLine('echo new > made && echo wrote', false),
        runLine('echo new > made && cat made'),
        callOf('read', { path: '/etc/shadow' }),
      ],
      inContainers,
    );
    const { id } = await open([{ path: work, mode: 'rw' }]);
    const cards = await ask(id, 'go');
    expect(cards.map(({ state, surface }) => [state, surface])).toEqual([
      ['done', 'container'],
      ['failed', 'container'],
      ['done', 'container'],
      ['failed', 'container'],
    ]);
    expect(cards[2]?.result).toBe('new\n');
    expect(readFileSync(join(work, 'made'), 'utf8')).toBe('new\n');
    expect(await sessions.stop(id, operator)).toMatchObject({ activity: 'ended', sandboxed: false });
  });

  test('a second container goes on with what the first left under review, in another life', async () => {
    const { folder, work } = somePlace();
    const script = (said: string) =>
      said === 'first'
        ? [callOf('write', { path: 'file', content: 'mine' }), runLine('echo one > one')]
        : [runLine('cat file one; echo two > two')];
    const first = await sandboxLife(folder, script, inContainers);
    const { id } = await first.open([{ path: work, mode: 'review' }]);
    await first.ask(id, 'first');
    expect(readFileSync(join(work, 'file'), 'utf8')).toBe('as it was');
    await first.close();

    const second = await sandboxLife(folder, script, inContainers);
    const cards = await second.ask(id, 'second');
    expect(cards.at(-1)).toMatchObject({ state: 'done', result: 'mineone\n' });
    expect(await second.sessions.stop(id, operator)).toMatchObject({ activity: 'ended', review: 'waiting' });
    await second.sessions.apply(id, null, operator);
    expect(readFileSync(join(work, 'file'), 'utf8')).toBe('mine');
    expect(readFileSync(join(work, 'two'), 'utf8')).toBe('two\n');
    expect(second.sessions.get(id).review).toBe('applied');
  });

  test('a part of a run is carried out in a container, in the folder of its run', async () => {
    const folder = partPlace();
    const { executor } = inContainers;
    const { subtasks } = await partLife(folder, { executor });
    const run = someRun(folder);
    const report = join(run.runFolder, 'report');
    const agent = scaffolded(runner(['sh', '-c', 'pwd; echo new >made; cat made'], report), run.runFolder);
    const end = await subtasks.carry(someOrder(run, { agent, sandbox: 'container' }), unheard, never);
    expect(end).toMatchObject({ outcome: { label: 'success' }, answer: `${run.runFolder}\nnew\n` });
    expect(readFileSync(report, 'utf8')).toBe(end.answer);
    expect(readFileSync(join(run.runFolder, 'made'), 'utf8')).toBe('new\n');
  });
});
