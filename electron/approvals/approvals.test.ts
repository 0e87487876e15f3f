import { expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { ManualClock } from '../base/manual-clock.ts';
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

test('a call that crosses a boundary waits for the person, who allows it once', async () => {
  const { approvals, record } = await approvalsLife(testFolder());
  const call = commandCall('git push origin main');
  const deciding = approvals.decide(call, waiting, person);
  const asked = await nextWaiting(approvals);
  expect(asked).toMatchObject({
    state: 'pending',
    line: 'git push origin main',
    whole: true,
    agent: 'coder',
    folder: '/project',
    why: 'it is asked because it runs a command in your folder',
  });
  expect(await approvals.get(asked.id.slice(0, -4))).toMatchObject({
    input: { command: 'git push origin main' },
    parts: [{ text: 'git push origin main', verdict: 'ask', rule: null }],
    suggestions: [
      { draft: { what: 'exec: git push origin main', scope: { kind: 'project', folder: '/project' } } },
    ],
  });
  await approvals.answer(asked.id, { kind: 'once' }, undefined, operator);
  expect(await deciding).toMatchObject({
    may: true,
    input: call.input,
    by: { who: 'person', approval: asked.id },
  });
  expect(approvals.list({ every: false, most: 10 })).toEqual([]);
  const kinds = (await record.query({ filter: { kinds: ['approval.*'] }, limit: 9 })).events.map(
    ({ kind }) => kind,
  );
  expect(kinds).toEqual(['approval.granted', 'approval.asked']);
});

test('several wait side by side, in order, and each gets its own answer', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const calls = ['make', 'make test', 'make install'].map((line) => commandCall(line));
  const decisions = [];
  for (const call of calls) {
    const beside = approvals.list({ every: false, most: 10 }).map(({ id }) => id);
    decisions.push(approvals.decide(call, waiting, person));
    await nextWaiting(approvals, beside);
  }
  const [first, second, third] = approvals.list({ every: false, most: 10 });
  expect([first!.line, second!.line, third!.line]).toEqual(['make', 'make test', 'make install']);
  await approvals.answer(second!.id, { kind: 'deny', reason: 'use npm' }, undefined, operator);
  await approvals.answer(first!.id, { kind: 'not_now' }, undefined, operator);
  await approvals.answer(third!.id, { kind: 'once' }, undefined, operator);
  expect(await decisions[1]).toMatchObject({
    may: false,
    reason: 'The person at this machine denied it: use npm',
  });
  expect(await decisions[2]).toMatchObject({ may: true });
  expect(approvals.list({ every: false, most: 10 })).toMatchObject([{ id: first!.id, state: 'deferred' }]);
  await approvals.answer(first!.id, { kind: 'once' }, undefined, operator);
  expect(await decisions[0]).toMatchObject({ may: true });
});

test('the first answer counts; the second hears who was first', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const deciding = approvals.decide(commandCall('make'), waiting, person);
  const { id } = await nextWaiting(approvals);
  const answers = await Promise.allSettled([
    approvals.answer(id, { kind: 'deny', reason: '' }, undefined, operator),
    approvals.answer(id, { kind: 'once' }, undefined, operator),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect((answers[1] as PromiseRejectedResult).reason).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/^It was denied by the person here/),
  });
  expect(await deciding).toMatchObject({ may: false });
});

test('what is neither the person nor a token of the person answers nothing', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const ended = new AbortController();
  const deciding = approvals.decide(commandCall('make'), waiting, ended.signal);
  const { id } = await nextWaiting(approvals);
  for (const kind of ['agent', 'client', 'system'] as const) {
    expect(() => approvals.answer(id, { kind: 'once' }, undefined, { kind })).toThrow(/Only the person/);
  }
  ended.abort(new Error('enough'));
  await expect(deciding).rejects.toThrow('enough');
  expect(approvals.list({ every: false, most: 10 })).toMatchObject([{ id, state: 'pending' }]);
});

test('before anybody goes on after a restart, choices hold and other arguments are checked as they were before', async () => {
  const folder = testFolder();
  const call = commandCall('make install');
  const asked = {
    call: newId('call', new Date()),
    session: call.session,
    agent: 'coder',
    text: 'Red or blue?',
    choices: ['red', 'blue'],
    free: false,
  };
  const first = await approvalsLife(folder);
  const cut = [first.approvals.decide(call, waiting, person).catch((failure: Error) => failure)];
  const { id } = await nextWaiting(first.approvals);
  const asking = first.approvals.question(asked, person).catch((failure: Error) => failure);
  const { id: question } = await nextWaiting(first.approvals, [id]);
  await first.end();
  await Promise.all([...cut, asking]);

  const second = await approvalsLife(folder, undefined, (session, of) =>
    Promise.resolve(session === call.session && of === call.call ? call : null),
  );
  const { approvals } = second;
  const reply = (text: string) => approvals.answer(question, { kind: 'reply', text }, undefined, operator);
  await expect(reply('green')).rejects.toMatchObject({
    code: 'invalid_input',
    message: '“green” is none of the choices.',
  });
  await reply('blue');
  expect(await approvals.question(asked, person)).toBe('blue');
  const edit = (input: Record<string, unknown>) => approvals.answer(id, { kind: 'once' }, input, operator);
  await expect(edit({ command: '' })).rejects.toThrow();
  expect(await edit({ command: 'make' })).toMatchObject({ state: 'granted', settled: { edited: true } });
  expect(await approvals.decide(call, waiting, person)).toMatchObject({
    may: true,
    input: { command: 'make' },
    by: { approval: id },
  });
});

test('a question survives a restart with its id, and so does an answer that was not used yet', async () => {
  const folder = testFolder();
  const [one, other] = [commandCall('make'), commandCall('make test')];
  const first = await approvalsLife(folder);
  const cut = [first.approvals.decide(one, waiting, person).catch((failure: Error) => failure)];
  const { id } = await nextWaiting(first.approvals);
  cut.push(first.approvals.decide(other, waiting, person).catch((failure: Error) => failure));
  const { id: another } = await nextWaiting(first.approvals, [id]);
  await first.end();
  for (const failure of await Promise.all(cut)) expect(failure).toMatchObject({ code: 'unavailable' });

  const second = await approvalsLife(folder);
  expect(second.approvals.list({ every: false, most: 9 }).map((approval) => approval.id)).toEqual([
    id,
    another,
  ]);
  await second.approvals.answer(another, { kind: 'once' }, undefined, operator);
  expect(await second.approvals.decide(other, waiting, person)).toMatchObject({
    may: true,
    by: { approval: another },
  });
  const deciding = second.approvals.decide(one, waiting, person);
  await second.approvals.answer(id, { kind: 'once' }, undefined, operator);
  expect(await deciding).toMatchObject({ may: true, by: { approval: id } });
  expect(second.approvals.list({ every: true, most: 9 })).toHaveLength(2);
});

test.each([
  ['the arguments', { input: { command: 'make other' } }],
  ['the folder', { folder: '/elsewhere' }],
  ['the sandbox', { plan: 'plan-2' }],
  ['the executed file', { executed: 'a'.repeat(64) }],
])('an answer holds no more where %s changed before it was used', async (_what, change) => {
  const { approvals } = await approvalsLife(testFolder());
  const call = commandCall('make');
  const cut = new AbortController();
  const gone = approvals.decide(call, waiting, cut.signal).catch(() => null);
  const { id } = await nextWaiting(approvals);
  cut.abort();
  await gone;
  await approvals.answer(id, { kind: 'once' }, undefined, operator);
  const deciding = approvals.decide({ ...call, ...change }, waiting, person);
  const again = await nextWaiting(approvals);
  expect(again.id).not.toBe(id);
  await approvals.answer(again.id, { kind: 'deny', reason: '' }, undefined, operator);
  expect(await deciding).toMatchObject({ may: false });
});

test('what changed while the person thought is asked about again', async () => {
  const { approvals } = await approvalsLife(testFolder());
  let executed = '1'.repeat(64);
  const facts = () => Promise.resolve({ folder: '/project', plan: 'plan-1', executed });
  const deciding = approvals.decide(commandCall('./run', { executed, now: facts }), waiting, person);
  const { id } = await nextWaiting(approvals);
  executed = '2'.repeat(64);
  await approvals.answer(id, { kind: 'once' }, undefined, operator);
  const again = await nextWaiting(approvals, [id]);
  expect(await approvals.get(again.id)).toMatchObject({ executed });
  await approvals.answer(again.id, { kind: 'once' }, undefined, operator);
  expect(await deciding).toMatchObject({ may: true, by: { approval: again.id } });
});

test('arguments can be changed before allowing; both are kept, and a rule that denies still does', async () => {
  const { approvals } = await approvalsLife(testFolder());
  await approvals.addRule(
    { effect: 'deny', what: 'exec: rm *', agent: null, scope: { kind: 'everywhere' }, expires: null },
    operator,
  );
  const deciding = approvals.decide(commandCall('make install'), waiting, person);
  const { id } = await nextWaiting(approvals);
  await expect(
    approvals.answer(id, { kind: 'once' }, { command: 'rm -rf build' }, operator),
  ).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(approvals.answer(id, { kind: 'once' }, { command: '' }, operator)).rejects.toThrow();
  await expect(
    approvals.answer(id, { kind: 'deny', reason: '' }, { command: 'make' }, operator),
  ).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await approvals.answer(id, { kind: 'once' }, { command: 'make' }, operator);
  expect(await deciding).toMatchObject({ may: true, input: { command: 'make' } });
  expect(await approvals.get(id)).toMatchObject({
    input: { command: 'make install' },
    edited: { command: 'make' },
  });
});

test('“for this session” allows the same call again, there and nowhere else', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const deciding = approvals.decide(commandCall('make'), waiting, person);
  const { id } = await nextWaiting(approvals);
  await approvals.answer(id, { kind: 'session' }, undefined, operator);
  await deciding;
  expect(await approvals.decide(commandCall('make'), waiting, person)).toMatchObject({
    may: true,
    by: { who: 'rule' },
  });
  const unattended = { unattended: 'deny' } as const;
  const other = commandCall('make', { session: newId('session', new Date(1)) });
  expect(await approvals.decide(other, unattended, person)).toMatchObject({
    may: false,
    by: { who: 'unattended' },
  });
  expect(await approvals.decide(commandCall('make x'), unattended, person)).toMatchObject({ may: false });
});

test('“always” makes a rule, names the rule that it overrides, and answers what waits alike', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const scope = { kind: 'everywhere' } as const;
  const ask = await approvals.addRule(
    { effect: 'ask', what: 'exec: git *', agent: null, scope, expires: null },
    operator,
  );
  const one = approvals.decide(commandCall('git status'), waiting, person);
  const first = await nextWaiting(approvals);
  const other = approvals.decide(commandCall('git status -s'), waiting, person);
  await nextWaiting(approvals, [first.id]);
  const { suggestions } = await approvals.get(first.id);
  expect(suggestions).toMatchObject([
    { draft: { what: 'exec: git status *' }, overrides: [expect.stringContaining('ask exec: git *')] },
  ]);
  await approvals.answer(
    first.id,
    { kind: 'always', rules: suggestions.map(({ draft }) => draft) },
    undefined,
    operator,
  );
  expect(await one).toMatchObject({ may: true, by: { who: 'person' } });
  expect(await other).toMatchObject({
    may: true,
    by: { who: 'rule', words: expect.stringContaining('exec: git status *') },
  });
  const [rule] = approvals.rules.list(false);
  expect(rule).toMatchObject({ effect: 'allow', overrides: [ask.id], approval: first.id });
  expect(await approvals.decide(commandCall('git status'), waiting, person)).toMatchObject({
    may: true,
    by: { rule: rule!.id },
  });
});

test('a question that nobody answers in time counts as denied, also after a restart', async () => {
  const folder = testFolder();
  const clock = new ManualClock(new Date());
  const { approvals, record, end } = await approvalsLife(folder, clock);
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'approvals.minutes', value: 10 },
  });
  const late = approvals.decide(commandCall('make'), waiting, person);
  const { id } = await nextWaiting(approvals);
  clock.advance(600_000);
  expect(await late).toMatchObject({ may: false, by: { who: 'expiry', approval: id } });
  const left = commandCall('make test');
  const cut = approvals.decide(left, waiting, person).catch(() => null);
  await nextWaiting(approvals);
  await end();
  await cut;
  clock.advance(600_000);
  const second = await approvalsLife(folder, clock);
  const verdict = second.approvals.decide(left, waiting, person);
  clock.advance(1);
  expect(await verdict).toMatchObject({ may: false, by: { who: 'expiry' } });
});

test('nothing of a session that ended waits any more', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const deciding = approvals.decide(commandCall('make'), waiting, person);
  deciding.catch(() => null);
  const { id } = await nextWaiting(approvals);
  await approvals.withdraw(someSession, 'the session has ended');
  await expect(deciding).rejects.toMatchObject({ code: 'cancelled' });
  expect(await approvals.get(id)).toMatchObject({
    state: 'withdrawn',
    settled: { reason: 'the session has ended' },
  });
});

test('an agent’s question is answered with one of its choices', async () => {
  const { approvals } = await approvalsLife(testFolder());
  const { call, session, agent } = commandCall('x');
  const asked = { call, session, agent, text: 'Which branch?', choices: ['main', 'next'], free: false };
  const answer = approvals.question(asked, person);
  const { id, kind } = await nextWaiting(approvals);
  expect(kind).toBe('question');
  await expect(
    approvals.answer(id, { kind: 'reply', text: 'other' }, undefined, operator),
  ).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(approvals.answer(id, { kind: 'once' }, undefined, operator)).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await approvals.answer(id, { kind: 'reply', text: 'next' }, undefined, operator);
  expect(await answer).toBe('next');
  expect(await approvals.question(asked, person)).toBe('next');
});
