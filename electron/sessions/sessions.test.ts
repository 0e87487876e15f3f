import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Viewed } from '../../shared/contract/sessions.ts';
import { Problem } from '../../shared/problem.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { ScriptedExecutor } from './testing/scripted-executor.ts';
import { never, operator, someSessions, testFolder, wish } from './testing/some-sessions.ts';

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const failure = await call.catch((thrown: unknown) => Problem.of(thrown));
  if (failure instanceof Problem) return failure;
  throw new Error('it succeeded');
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('a session is on the record from the wish to the outcome, and what it held is gone', async () => {
  const executor = new ScriptedExecutor();
  const { sessions, events, folder, data, tokens } = await someSessions({ executor });
  mkdirSync(join(folder, 'work'));
  symlinkSync(join(folder, 'work'), join(folder, 'link'));
  const wanted = wish({ argv: ['echo', 'hi'], folders: [{ path: join(folder, 'link'), mode: 'rw' }] });
  const session = await sessions.start(wanted, operator);
  expect(session).toMatchObject({ state: 'running', folders: [{ path: join(folder, 'work'), mode: 'rw' }] });
  expect(session.rights).toContain(`file_write: ${join(folder, 'work')}/*`);
  expect(executor.plans[0]).toMatchObject({ egress: null, masked: [data] });

  const [{ running }] = executor.commands as [(typeof executor.commands)[0]];
  expect(running.inputEnded).toBe(true);
  running.say('hello\r\n');
  running.say('oh\n', 'stderr');
  const seen = sessions.attach({ session: session.id, input: false, every: false }, operator, never);
  const told: Viewed[] = [(await seen.next()).value!, (await seen.next()).value!, (await seen.next()).value!];
  running.end({ how: 'exited', code: 3 });
  for await (const one of seen) told.push(one);
  expect(told).toMatchObject([
    { kind: 'attached', terminal: false, input: false },
    { kind: 'output', stream: 'stdout', data: Buffer.from('hello\r\n').toString('base64') },
    { kind: 'output', stream: 'stderr', data: Buffer.from('oh\n').toString('base64') },
    { kind: 'ended', outcome: { label: 'work_failed', code: 3 } },
  ]);
  const kinds = (await events(session.id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => !kind.startsWith('capability.'))).toEqual([
    'session.requested',
    'tool.invoked',
    'session.started',
    'session.attached',
    'tool.finished',
    'session.ended',
  ]);
  expect(kinds.indexOf('session.requested')).toBe(0);
  expect(kinds.filter((kind) => kind === 'capability.revoked').length).toBe(3);
  const last = (await events(session.id)).at(-1)!;
  expect(last.data).toMatchObject({ outcome: { code: 3 }, review: 'none', changes: 0 });
  expect(last.blobs[0]).toMatchObject({ name: 'transcript.cast' });
  expect(sessions.get(session.id)).toMatchObject({ state: 'ended', outcome: { code: 3 }, viewers: 0 });
  expect(tokens.held(session.id)).toEqual([]);
  expect(existsSync(join(data, 'sessions', session.id))).toBe(false);
  expect(executor.torn).toBe(1);
});

test('what takes its time before a command runs is told, until it runs', async () => {
  const executor = new ScriptedExecutor();
  const fetched = Promise.withResolvers<void>();
  executor.slow = { words: 'fetching the image mine: 40 %', until: fetched.promise };
  const { sessions } = await someSessions({ executor });
  const watching = new AbortController();
  const watch = sessions.watch(watching.signal);
  const first = watch.next();
  const starting = sessions.start(wish({ argv: ['x'] }), operator);
  let seen = (await first).value!;
  while (seen.progress === null) seen = (await watch.next()).value!;
  expect(seen).toMatchObject({ state: 'preparing', progress: 'fetching the image mine: 40 %' });
  fetched.resolve();
  const { id, progress } = await starting;
  expect(progress).toBeNull();
  watching.abort();
  const reason = 'the session went over its limit of memory';
  executor.commands[0]!.running.end({ how: 'signalled', signal: 9, reason });
  await until(() => sessions.get(id).state === 'ended');
  expect(sessions.get(id)).toMatchObject({
    progress: null,
    outcome: { label: 'terminated_by_signal', code: 137, reason: `signal 9: ${reason}` },
  });
});

test('what cannot be kept is refused before anything is written or made', async () => {
  const executor = new ScriptedExecutor();
  const { sessions, folder, data, record, vault } = await someSessions({ executor });
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'a*b'));
  await vault.set('key', 'a-secret-value');
  const { size } = record.state();
  const refused: [Parameters<typeof wish>[0], string, string][] = [
    [{ argv: [''] }, 'invalid_input', 'no program'],
    [{ argv: ['x'], image: 'debian' }, 'invalid_input', 'image'],
    [{ argv: ['x'], folders: [{ path: '/', mode: 'ro' }] }, 'forbidden', 'whole file system'],
    [{ argv: ['x'], folders: [{ path: '/proc/self', mode: 'ro' }] }, 'forbidden', '/proc'],
    [{ argv: ['x'], folders: [{ path: data, mode: 'ro' }] }, 'forbidden', 'own places'],
    [{ argv: ['x'], folders: [{ path: join(folder, 'gone'), mode: 'ro' }] }, 'not_found', 'no folder'],
    [{ argv: ['x'], folders: [{ path: join(folder, 'file'), mode: 'ro' }] }, 'invalid_input', 'no folder'],
    [{ argv: ['x'], folders: [{ path: join(folder, 'a*b'), mode: 'ro' }] }, 'invalid_input', '“*”'],
    [{ argv: ['x'], cwd: folder }, 'invalid_input', 'no folder that is granted'],
    [{ argv: ['x'], secrets: { token: 'none' } }, 'not_found', 'no secret “none”'],
    [{ argv: ['x', '--key=a-secret-value'] }, 'invalid_input', 'stored secret'],
    [{ argv: ['x'], environment: { KEY: 'a-secret-value' } }, 'invalid_input', 'stored secret'],
    [
      {
        argv: ['x'],
        folders: [
          { path: folder, mode: 'ro' },
          { path: `${folder}/.`, mode: 'rw' },
        ],
      },
      'invalid_input',
      'twice',
    ],
  ];
  for (const [wanted, code, words] of refused) {
    const problem = await problemOf(sessions.start(wish(wanted), operator));
    expect(problem.code, JSON.stringify(wanted)).toBe(code);
    expect(problem.message).toContain(words);
  }
  expect(record.state().size).toBe(size);
  expect(executor.plans).toEqual([]);
  expect(sessions.list(10)).toEqual([]);
});

test('where the sandbox cannot be had, the start is refused, and the record says why', async () => {
  for (const step of ['prepare', 'start', 'exec'] as const) {
    const executor = new ScriptedExecutor();
    const { sessions, events, tokens } = await someSessions({ executor });
    executor.failing = { step, failure: new Problem('unavailable', 'No bubblewrap.', 'Install it.') };
    const problem = await problemOf(sessions.start(wish({ argv: ['x'] }), operator));
    expect(problem).toMatchObject({ code: 'unavailable', mend: 'Install it.' });
    const [session] = sessions.list(10);
    expect(session).toMatchObject({
      state: 'ended',
      outcome: { label: 'infrastructure_failure', code: 6, reason: 'No bubblewrap.' },
    });
    expect((await events(session!.id)).at(-1)?.kind).toBe('session.ended');
    expect(tokens.held(session!.id)).toEqual([]);
    expect(executor.torn).toBe(step === 'prepare' ? 0 : 1);
  }
});

test('a session that is stopped is cancelled; one whose right was taken is ended at once', async () => {
  const executor = new ScriptedExecutor();
  const { sessions, tokens } = await someSessions({ executor });
  const one = await sessions.start(wish({ argv: ['sleep'] }), operator);
  await sessions.stop(one.id, false, operator);
  expect(sessions.get(one.id).outcome).toMatchObject({ label: 'cancelled', code: 130 });

  const other = await sessions.start(wish({ argv: ['sleep'] }), operator);
  const [exec] = tokens.held(other.id);
  await tokens.revoke(exec!.token, 'no more', operator);
  await until(() => sessions.get(other.id).state === 'ended');
  expect(sessions.get(other.id).outcome?.reason).toContain('right to exec was revoked');
});

test('a session that was running when Holdfast was killed is ended at the next start, and what it left is told', async () => {
  const folder = testFolder();
  const executor = new ScriptedExecutor();
  const first = await someSessions({ executor, folder });
  const session = await first.sessions.start(wish({ argv: ['sleep'] }), operator);
  executor.commands[0]!.running.say('half a li');
  // As after a kill: only what is durable remains.
  await first.record.close();
  executor.left.push('a process of a session');
  const again = await someSessions({ executor, folder });
  expect(again.sessions.get(session.id)).toMatchObject({
    state: 'ended',
    outcome: { label: 'infrastructure_failure', reason: 'Holdfast was killed while it ran.' },
  });
  expect(again.tokens.held(session.id)).toEqual([]);
  await again.sessions.close();
  const { events } = await again.record.query({ filter: { kinds: ['leftovers.removed'] }, limit: 5 });
  expect(events[0]?.data).toEqual({ things: ['a process of a session'], count: 1 });
});

/** Sessions of which one is on the record, and waits for its rights until it is let go. */
async function beginning() {
  const executor = new ScriptedExecutor();
  const made = await someSessions({ executor });
  const { sessions, tokens } = made;
  const held = Promise.withResolvers<void>();
  const issue = tokens.issue.bind(tokens);
  tokens.issue = async (...given) => {
    await held.promise;
    return issue(...given);
  };
  const starting = problemOf(sessions.start(wish({ argv: ['sleep', '9'] }), operator));
  await until(() => sessions.list(1).length === 1);
  return { ...made, executor, starting, letGo: held.resolve, id: sessions.list(1)[0]!.id };
}

test('one that is stopped while it begins never runs', async () => {
  const { sessions, executor, starting, letGo, id } = await beginning();
  const stopping = sessions.stop(id, true, operator);
  letGo();
  expect(await stopping).toMatchObject({ state: 'ended', outcome: { label: 'cancelled' } });
  expect((await starting).code).toBe('cancelled');
  expect(executor.commands).toEqual([]);
});

test('closing waits for what begins, which ends on the record and leaves nothing', async () => {
  const { sessions, executor, starting, letGo, id, data, tokens } = await beginning();
  const closing = sessions.close();
  letGo();
  await closing;
  expect(sessions.get(id)).toMatchObject({ state: 'ended', outcome: { label: 'cancelled' } });
  expect(executor.commands).toEqual([]);
  expect(tokens.held(id)).toEqual([]);
  expect(existsSync(join(data, 'sessions', id))).toBe(false);
  await starting;
});

test('what was asked for before closing and not begun is refused, and not on the record', async () => {
  const { sessions, record } = await someSessions({ executor: new ScriptedExecutor() });
  const { size } = record.state();
  const starting = problemOf(sessions.start(wish({ argv: ['true'] }), operator));
  await sessions.close();
  expect((await starting).code).toBe('unavailable');
  expect(record.state().size).toBe(size);
});

test('where the record takes nothing, nothing begins and nothing is left', async () => {
  const { sessions, record, data, folder } = await someSessions({ executor: new ScriptedExecutor() });
  mkdirSync(join(folder, 'work'));
  const full = new Problem('storage_full', 'There is no room left.');
  record.append = () => Promise.reject(full);
  const folders = [{ path: join(folder, 'work'), mode: 'review' as const }];
  const refused = await problemOf(sessions.start(wish({ argv: ['true'], folders }), operator));
  expect(refused.code).toBe('storage_full');
  expect(existsSync(join(data, 'sessions'))).toBe(false);
});

test('an end that the record did not take is told when it takes it again, as it was', async () => {
  const executor = new ScriptedExecutor();
  const clock = new ManualClock();
  const { sessions, record, events, data } = await someSessions({ executor, clock });
  const appendAll = record.appendAll.bind(record);
  const full = new Problem('storage_full', 'There is no room left.');
  const ended: string[] = [];
  for (const closing of [false, true]) {
    const { id } = await sessions.start(wish({ argv: ['work'] }), operator);
    record.appendAll = () => Promise.reject(full);
    executor.commands.at(-1)!.running.end({ how: 'exited', code: 3 });
    for await (const told of sessions.attach({ session: id, input: false, every: false }, operator, never)) {
      if (told.kind === 'ended') expect(told.outcome.code).toBe(3);
    }
    await until(() => sessions.get(id).state === 'running' && sessions.get(id).viewers === 0);
    record.appendAll = appendAll;
    if (closing) await sessions.close();
    await until(() => {
      if (!closing) clock.advance(10_000);
      return sessions.get(id).state === 'ended';
    });
    ended.push(id);
  }
  for (const id of ended) {
    const last = (await events(id)).at(-1);
    expect(last?.data).toMatchObject({ outcome: { label: 'work_failed', code: 3 }, seconds: 0 });
    expect(existsSync(join(data, 'sessions', id))).toBe(false);
  }
});
