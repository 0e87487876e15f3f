import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sessionVersion } from '../sandbox/session-version.ts';
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
import { AgreeingApprovals, never } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { runTool, spawnTool } from './agents/testing/some-tools.ts';
import { type ScriptedAnswer, ScriptedModels } from './agents/testing/scripted-models.ts';
import { type VersionUser, VersionTurns } from './agents/version-turns.ts';
import { RunVersion } from './run-version.ts';

/** What the run has at a path, for as long as nobody has decided on it. */
async function reader(data: string, run: `run_${string}`) {
  const version = await sessionVersion(new RunVersion(data, run).kept);
  return (path: string) => readFileSync(version(path) ?? '/none', 'utf8');
}

test('a later part sees what an earlier one wrote under review, also where it only reads; no session of theirs is decided on', async () => {
  const folder = partPlace();
  const { subtasks, record, data } = await partLife(folder, { approvals: new AgreeingApprovals() });
  const run = someRun(folder);
  const given = givenFolder(folder);
  writeFileSync(join(given, 'file'), 'given\n', { mode: 0o666 });
  const carry = (line: string, mode: 'ro' | 'review') => {
    const capabilities = [
      `file_read: ${given}/*`,
      ...(mode === 'review' ? [`file_write: ${given}/*`] : []),
      'exec: *',
    ];
    const agent = scaffolded(runner(['sh', '-c', line]), run.runFolder, { capabilities });
    const order = someOrder(run, { agent, folders: [{ path: given, mode }], reviewed: [given] });
    return subtasks.carry(order, unheard, never);
  };
  expect((await carry(`cat ${given}/file; touch ${given}/x 2>/dev/null || echo refused`, 'ro')).answer).toBe(
    'given\nrefused\n',
  );
  const first = await carry(`echo one >${given}/new; rm ${given}/file`, 'review');
  expect(first.outcome.label).toBe('success');
  expect((await carry(`ls ${given}; touch ${given}/x 2>/dev/null || echo refused`, 'ro')).answer).toBe(
    'new\nrefused\n',
  );
  expect((await carry(`cat ${given}/new; echo two >>${given}/new`, 'review')).answer).toBe('one\n');
  expect(readdirSync(given)).toEqual(['file']);
  expect((await reader(data, run.run))(join(given, 'new'))).toBe('one\ntwo\n');
  expect(existsSync(join(data, 'sessions', first.session))).toBe(false);
  const { events } = await record.query({ filter: { kinds: ['session.ended'] }, limit: 50 });
  expect(events.map(({ data: said }) => said)).toEqual(
    events.map(() => expect.objectContaining({ changes: 0, review: 'none' }) as unknown),
  );
});

test('an agent that a part started in a sandbox of its own works on the same version, one at a time', async () => {
  const folder = partPlace();
  const given = givenFolder(folder);
  const line = (text: string): ScriptedAnswer => ({
    calls: [{ tool: 'run', input: { argv: ['sh', '-c', `cd ${given}; ${text}`] } }],
  });
  const scripts: Record<string, ScriptedAnswer[]> = {
    parent: [
      line('echo one >first'),
      { calls: [{ tool: 'spawn', input: { agents: ['child', 'child'], message: 'Go on.' } }] },
      line('cat second >third; wc -l <second >>third'),
      { text: 'done' },
    ],
    child: [line('cat first >>second'), { text: 'done' }],
  };
  const capabilities = [
    'tool: run',
    'tool: spawn',
    'spawn_agent: *',
    'exec: *',
    `file_read: ${given}/*`,
    `file_write: ${given}/*`,
  ];
  const { subtasks, record, data } = await partLife(folder, {
    approvals: new AgreeingApprovals(),
    tools: [runTool, spawnTool],
    agents: [someAgent({ name: 'child', capabilities })],
    models: (written) => new ScriptedModels(written, ({ agent }, answers) => scripts[agent]![answers]!),
  });
  const run = someRun(folder);
  const order = someOrder(run, {
    agent: someAgent({ name: 'parent', capabilities, network: ['example.org'] }),
    hosts: ['example.org'],
    folders: [{ path: given, mode: 'review' }],
    reviewed: [given],
  });
  expect((await subtasks.carry(order, unheard, never)).outcome).toEqual({ label: 'success', reason: null });
  expect((await reader(data, run.run))(join(given, 'third'))).toBe('one\none\n2\n');
  const { events } = await record.query({ filter: { kinds: ['session.started'] }, limit: 50 });
  expect(new Set(events.map(({ scope }) => scope.session)).size).toBe(3);
  expect(readdirSync(given)).toEqual([]);
});

/** A sandbox that works on these until it is told to go and has nothing to do. */
function someUser(
  turns: VersionTurns,
  kept: string,
  how: Partial<VersionUser>,
): VersionUser & { busy: boolean } {
  const user = { kept, writes: [], reads: [], busy: false, yield: () => turns.free(user), ...how };
  return user;
}

test('whoever writes a version has it alone, those who read share it, and nobody waits for whom it was started by', async () => {
  const turns = new VersionTurns();
  const user = (how: Partial<VersionUser>, kept = '/one') => someUser(turns, kept, how);
  const take = (who: VersionUser, above: VersionUser[] = [], signal = never) =>
    turns.take(who, new Set(above), signal);
  const [read, also] = [user({ reads: ['/a'] }), user({ reads: ['/a'] })];
  await take(read);
  await take(also);
  await take(user({ writes: ['/b'] }));
  await take(user({ writes: ['/a'] }, '/another'));
  let written = false;
  const write = user({ writes: ['/a'], busy: true, yield: () => undefined });
  // Both readers have nothing to do: they go.
  await take(write).then(() => (written = true));
  expect(written).toBe(true);
  await expect(take(user({ reads: ['/a'] }), [write])).rejects.toMatchObject({ code: 'conflict' });
  const leaving = new AbortController();
  const waits = take(user({ writes: ['/a'] }), [], leaving.signal);
  leaving.abort(new Error('left'));
  await expect(waits).rejects.toThrow('left');
  const next = take(user({ writes: ['/a'] }));
  turns.free(write);
  await next;
});
