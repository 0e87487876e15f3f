import { expect, test, vi } from 'vitest';
import type { RuleDraft } from '../../shared/rule.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { refuseNever } from './never-level.ts';
import {
  approvalsLife,
  commandCall,
  nextWaiting,
  operator,
  person,
  someSession,
  testFolder,
  waiting,
} from './testing/some-approvals.ts';

const draft = (what: string, part: Partial<RuleDraft> = {}): RuleDraft => ({
  effect: 'allow',
  what,
  agent: null,
  scope: { kind: 'everywhere' },
  expires: null,
  ...part,
});

test('rules survive a restart with how often they were used, and end when they are removed or run out', async () => {
  const folder = testFolder();
  const clock = new ManualClock(new Date());
  const first = await approvalsLife(folder, clock);
  const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString();
  const lasting = await first.approvals.addRule(draft('exec: git status *'), operator);
  const brief = await first.approvals.addRule(draft('exec: ls *', { expires: inAnHour }), operator);
  const gone = await first.approvals.addRule(draft('exec: make'), operator);
  await first.approvals.rules.remove(gone.id.slice(0, -2), operator);
  for (let i = 0; i < 3; i++) await first.approvals.decide(commandCall('git status'), waiting, person);
  await first.end();

  const { approvals } = await approvalsLife(folder, clock);
  expect(approvals.rules.list(false).map(({ id, used }) => [id, used])).toEqual([
    [brief.id, 0],
    [lasting.id, 3],
  ]);
  const unattended = { unattended: 'deny' } as const;
  expect(await approvals.decide(commandCall('ls'), unattended, person)).toMatchObject({
    may: true,
    by: { rule: brief.id },
  });
  clock.advance(3_600_000);
  expect(await approvals.decide(commandCall('ls'), unattended, person)).toMatchObject({ may: false });
  expect(approvals.rules.list(true).map(({ id, ended }) => [id, ended?.how])).toEqual([
    [gone.id, 'removed'],
    [brief.id, 'expired'],
    [lasting.id, undefined],
  ]);
});

test('rules of a session end with it', async () => {
  const { approvals, record } = await approvalsLife(testFolder());
  await approvals.addRule(
    draft('exec: ls *', { scope: { kind: 'session', session: someSession } }),
    operator,
  );
  await record.append({
    kind: 'session.ended',
    actor: operator,
    scope: { session: someSession },
    data: {
      outcome: { code: 0, label: 'success', signal: null, reason: null },
      seconds: 1,
      transcript: null,
      changes: null,
      review: 'none',
    },
  });
  approvals.rules.changed();
  expect(approvals.rules.list(false)).toEqual([]);
  expect(approvals.rules.list(true)).toMatchObject([{ ended: { how: 'session_ended' } }]);
});

test('where what waits cannot be written down as answered by a new rule, it goes on waiting', async () => {
  const { approvals, record } = await approvalsLife(testFolder());
  const deciding = approvals.decide(commandCall('make'), waiting, person);
  const { id } = await nextWaiting(approvals);
  const tried = Promise.withResolvers<void>();
  vi.spyOn(record, 'appendAll').mockImplementationOnce(() => {
    tried.resolve();
    return Promise.reject(new Error('the disk is full'));
  });
  await approvals.addRule(draft('exec: make'), operator);
  await tried.promise;
  expect(approvals.list({ every: false, most: 9 })).toMatchObject([{ id, state: 'pending' }]);
  await approvals.answer(id, { kind: 'once' }, undefined, operator);
  expect(await deciding).toMatchObject({ may: true });
});

test('the rows say what the record says', async () => {
  const { approvals, record } = await approvalsLife(testFolder());
  await approvals.addRule(draft('exec: ls *'), operator);
  await approvals.decide(commandCall('ls'), waiting, person);
  const denied = approvals.decide(commandCall('make'), waiting, person);
  const { id } = await nextWaiting(approvals);
  await approvals.answer(id, { kind: 'not_now' }, undefined, operator);
  await approvals.answer(id, { kind: 'deny', reason: 'no' }, undefined, operator);
  await denied;
  await approvals.close();
  expect(await record.rebuild(operator)).toMatchObject({ differences: 0 });
});

test.each([
  ['git status -s', ['exec: git status *']],
  ['git log | head -3', ['exec: git log *', 'exec: head *']],
  ['ls > out/list', ['exec: ls *', 'file_write: /project/out/*']],
  ['./run.sh', ['exec: ./run.sh']],
  ['python3 x.py', ['exec: python3 x.py']],
  ['npm test', ['exec: npm test']],
  ['git push origin main', ['exec: git push origin main']],
  ['sudo ls', ['exec: sudo ls']],
  ['find . -exec rm x ;'.replace(';', '\\;'), ['exec: find . -exec rm x ;']],
  ['ls $x', []],
  ['ls | xargs rm', []],
])('for %j the rules %j are proposed', async (line, whats) => {
  const { approvals } = await approvalsLife(testFolder());
  const cut = new AbortController();
  const deciding = approvals.decide(commandCall(line), waiting, cut.signal).catch(() => null);
  const { id } = await nextWaiting(approvals);
  const { suggestions } = await approvals.get(id);
  expect(suggestions.map(({ draft: { what } }) => what)).toEqual(whats);
  cut.abort();
  await deciding;
});

test('what lets more happen than it says, says so, and is never proposed with any arguments', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const warnings = async (what: string) => (await approvals.trials.preview(draft(what))).warnings.join(' ');
  for (const what of [
    'exec: *',
    'exec: python3 *',
    'exec: npm *',
    'exec: make',
    'exec: bash -c *',
    'exec: env *',
    'tool: exec',
  ]) {
    expect
      .soft([what, await warnings(what)])
      .toEqual([what, expect.stringContaining('This lets it run anything')]);
  }
  expect(await warnings('exec: ./run.sh')).toContain('whatever lies at ./run.sh');
  expect(await warnings('exec: unheard-of *')).toContain('not known here');
  expect(await warnings('exec: git status *')).toBe('');
  expect(await warnings('network: *')).toContain('every host');
});

test('a new rule is tried on past calls, with what became of them', async () => {
  const { approvals, record } = await approvalsLife(testFolder());
  const unattended = { unattended: 'deny' } as const;
  for (const line of ['git status', 'git push', 'make'])
    await approvals.decide(commandCall(line), unattended, person);
  await record.append({
    kind: 'tool.invoked',
    actor: { kind: 'agent', id: 'coder' },
    scope: { session: someSession, agent: 'coder' },
    data: {
      tool: 'exec',
      inputHash: 'a'.repeat(64),
      preview: 'git fetch',
      surface: 'namespace',
      call: commandCall('x').call,
    },
    blobs: [
      { name: 'input.json', type: 'application/json', content: Buffer.from('{"command":"git fetch"}') },
    ],
  });
  const preview = await approvals.trials.preview(draft('exec: git *'));
  expect(preview).toMatchObject({ looked: 4, more: 0 });
  expect(preview.calls.map(({ line, before, now }) => [line, before, now])).toEqual([
    ['git fetch', 'allowed', 'allow'],
    ['git push', 'asked', 'allow'],
    ['git status', 'asked', 'allow'],
  ]);
  const denying = await approvals.trials.preview(draft('exec: git push *', { effect: 'deny' }));
  expect(denying.calls).toMatchObject([{ line: 'git push', now: 'deny' }]);
  expect(approvals.rules.list(true)).toEqual([]);
});

test('a rule is tested on a line or on a tool’s arguments', async () => {
  const { approvals } = await approvalsLife(testFolder());
  await approvals.addRule(draft('exec: git status *'), operator);
  const place = { agent: null, folder: '/project', session: null };
  const tried = (line: string) => approvals.trials.test({ kind: 'line', line }, place);
  expect(await tried('git status | rm x')).toMatchObject({
    verdict: 'ask',
    words: 'no rule decides it: the level of the session says whether it asks',
    parts: [{ verdict: 'allow' }, { verdict: 'ask', why: 'no rule allows it' }],
  });
  const asTool = { kind: 'tool', tool: 'exec', input: { command: 'git status' } } as const;
  expect(await approvals.trials.test(asTool, place)).toMatchObject({ verdict: 'allow' });
  await expect(approvals.trials.test({ ...asTool, input: {} }, place)).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await expect(approvals.trials.test({ ...asTool, tool: 'none' }, place)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('the level that asks for nothing is refused where something could not be thrown away', () => {
  const facts = {
    folders: [{ path: '/project', mode: 'review' }],
    hosts: ['example.org:443'],
    contained: true,
  } as const;
  expect(() => refuseNever(facts)).not.toThrow();
  for (const part of [
    { contained: false },
    { folders: [{ path: '/project', mode: 'rw' }] as const },
    { hosts: ['*'] },
    { hosts: ['*:443'] },
  ]) {
    expect(() => refuseNever({ ...facts, ...part })).toThrow(/asks for nothing/);
  }
});
